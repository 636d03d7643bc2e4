// Takes seats by the bare protocol (PROTOCOL.md), without a browser: for full rooms. Its own reading of section 2, so
// that it also checks the client's.
import { createHash, hkdfSync } from 'node:crypto';
import WebSocket from 'ws';
import { sleep, until } from './until.mjs';

const BATCH = 50;
/** ms: the server takes so many operations in that time, and no more (PROTOCOL.md, section 4). */
const BATCH_MS = 1_000;

const text = (/** @type {string} */ s) => Buffer.from(s, 'utf8');
const T = (/** @type {string} */ s) => Buffer.concat([text(`conclave-link-1 ${s}`), Buffer.from([0])]);

/** kJoin of a join link, base64url. @param {string} url */
export function joinKey (url) {
  const { pathname, hash } = new URL(url);
  const room = text(pathname.split('/')[2]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(room.length);
  const salt = createHash('sha256').update(Buffer.concat([T('room'), length, room])).digest();
  const secret = Buffer.from(hash.slice(1).split('.')[0], 'base64url');
  return Buffer.from(hkdfSync('sha256', secret, salt, T('join'), 32)).toString('base64url');
}

/**
 * Takes a seat and keeps it; resolves once joined.
 * @param {string} url a join link
 * @param {string} name
 * @returns {Promise<{ leave: () => void, say: (texts: string[]) => Promise<void> }>} `say`: one after the other, as fast as one may
 */
export function takeSeat (url, name) {
  const { host, origin, pathname } = new URL(url);
  const socket = new WebSocket(`wss://${host}/ws`, 'conclave.v1', { origin, rejectUnauthorized: false });
  let sent = 0;
  let said = 0;
  let refused = '';
  /** @param {string} self @param {string[]} texts */
  const say = async (self, texts) => {
    for (let i = 0; i < texts.length; i += BATCH) {
      const ops = texts.slice(i, i + BATCH).map((words, n) => ({ o: `${self}-${sent}-${n}`, t: 'message', c: sent * BATCH + n + 1, a: self, f: { text: words } }));
      socket.send(JSON.stringify({ type: 'change', id: ++sent, ops }));
      await sleep(BATCH_MS);
    }
    await until('all of it was taken', () => {
      if (refused)
        throw new Error(refused);
      return said === sent;
    });
  };
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({
      type: 'join', room: pathname.split('/')[2], key: joinKey(url), name, mic: false, camera: false,
    })));
    socket.on('message', data => {
      const message = JSON.parse(String(data));
      if (message.type === 'joined')
        resolve({ leave: () => socket.terminate(), say: texts => say(message.self, texts) });
      else if (message.type === 'ok')
        said++;
      else if (message.type === 'ping')
        socket.send('{"type":"pong"}');
      else if (message.type === 'error')
        reject(new Error(refused = message.error));
    });
  });
}
