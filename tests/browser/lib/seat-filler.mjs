// Takes seats by the bare protocol (PROTOCOL.md), without a browser: for full rooms. Its own reading of section 2, so
// that it also checks the client's.
import { createHash, hkdfSync } from 'node:crypto';
import WebSocket from 'ws';

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
 * @returns {Promise<{ leave: () => void }>}
 */
export function takeSeat (url, name) {
  const { host, origin, pathname } = new URL(url);
  const socket = new WebSocket(`wss://${host}/ws`, 'conclave.v1', { origin, rejectUnauthorized: false });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({
      type: 'join', room: pathname.split('/')[2], key: joinKey(url), name, mic: false, camera: false,
    })));
    socket.on('message', data => {
      const message = JSON.parse(String(data));
      if (message.type === 'joined')
        resolve({ leave: () => socket.terminate() });
      else if (message.type === 'ping')
        socket.send('{"type":"pong"}');
      else if (message.type === 'error')
        reject(new Error(message.error));
    });
  });
}
