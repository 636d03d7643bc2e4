// Recordings put beside a daemon that runs (tests/lib/recording.py), and those who may see them: keys, cookies, links.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Room } from './room.mjs';

const FIXTURE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../lib/recording.py');
export const ZOE = 'pabcdefghijkm';
export const TRACK = `tracks/001-${ZOE}-camera-1.mkv`;

/** @returns {Promise<{id: string, room: string, files: Record<string, string>, path: string}>} with the files of recording.py unless told */
export async function makeRecording (daemon, spec = {}) {
  const room = await Room.create(daemon, { kind: 'classroom', title: 'Kitchen' });
  const out = execFileSync('python3', ['-B', FIXTURE, daemon.folder, room.id], { input: JSON.stringify(spec), encoding: 'utf8' });
  const made = JSON.parse(out);
  return { room: room.id, path: `/api/v1/recordings/${made.id}`, ...made };
}

/** Runs a statement beside the daemon. */
export function change (daemon, sql, ...values) {
  const program = 'import json, sqlite3, sys; d = sqlite3.connect(sys.argv[1], timeout=10); d.execute(sys.argv[2], json.loads(sys.argv[3])); d.commit()';
  execFileSync('python3', ['-c', program, path.join(daemon.folder, 'conclave.db'), sql, JSON.stringify(values)]);
}

/** Somebody on the network with a cookie jar, or with headers of their own. */
export class Visitor {
  /** by name */
  cookies = new Map();

  constructor (daemon, headers = {}) {
    Object.assign(this, { daemon, headers });
  }

  get cookie () {
    return [...this.cookies].map(pair => pair.join('=')).join('; ');
  }

  async ask (method, where, body, headers = {}) {
    const all = { origin: this.daemon.origin, ...this.cookie && { cookie: this.cookie }, ...this.headers, ...headers };
    const answer = await this.daemon.request(method, where, body, all);
    for (const set of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (/; Max-Age=0;/.test(set))
        this.cookies.delete(name);
      else
        this.cookies.set(name, value);
    }
    return answer;
  }

  get (where, headers) {
    return this.ask('GET', where, undefined, headers);
  }

  async status (...request) {
    return (await this.ask(...request)).status;
  }
}

/** A key as conclavectl makes it. */
export async function makeKey (daemon, more = {}) {
  const key = randomBytes(32);
  const { status, body } = await daemon.admin('POST', '/api/v1/keys',
    { role: 'producer', name: 'Zoë', hash: createHash('sha256').update(key).digest('base64url'), days: 0, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return { ...body, key: key.toString('base64url') };
}

export async function signIn (daemon, { key } = {}) {
  const visitor = new Visitor(daemon);
  const { status, body } = await visitor.ask('POST', '/api/v1/session', { key: key ?? (await makeKey(daemon)).key });
  assert.equal(status, 200, JSON.stringify(body));
  return visitor;
}

export async function share (daemon, recording, more = {}) {
  const { status, body } = await daemon.admin('POST', `${recording.path}/shares`, { hours: 1, downloads: false, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return { ...body, open: `/api/v1/shares/${body.id}/open` };
}

export async function openShare (daemon, made, password) {
  const visitor = new Visitor(daemon);
  const { status, body } = await visitor.ask('POST', made.open, { secret: made.secret, ...password && { password } });
  assert.equal(status, 200, JSON.stringify(body));
  return visitor;
}
