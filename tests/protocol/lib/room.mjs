// Rooms as a browser makes them: secrets drawn here, keys derived as PROTOCOL.md §2 says, only verifiers sent. Written from
// the page alone, apart from data/web/core, so that the two check each other.
import { createHash, hkdfSync, randomBytes, randomInt } from 'node:crypto';
import assert from 'node:assert/strict';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

const sha256 = bytes => createHash('sha256').update(bytes).digest();
const tag = s => Buffer.concat([Buffer.from('conclave-link-1 ' + s), Buffer.from([0])]);

function prefixed (text) {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export const randomId = (prefix = '') => prefix + Array.from({ length: 12 }, () => LETTERS[randomInt(32)]).join('');
export const randomKey = () => randomBytes(32).toString('base64url');

export class Room {
  /** `more`: further members of the request that makes it */
  constructor ({ kind = 'standard', title = 'Test', id = randomId(), secret = randomBytes(32), hostSecret = randomBytes(32), ...more } = {}) {
    Object.assign(this, { kind, title, id, secret, hostSecret, more });
    const salt = sha256(Buffer.concat([tag('room'), prefixed(id)]));
    const derive = (from, info) => Buffer.from(hkdfSync('sha256', from, salt, tag(info), 32));
    this.joinKey = derive(secret, 'join');
    this.hostKey = derive(hostSecret, 'host');
  }

  /** Off the record the server is told nothing of who is there. */
  get silent () {
    return this.kind === 'otr';
  }

  /** What `POST /api/v1/rooms` takes. */
  get body () {
    return {
      id: this.id,
      kind: this.kind,
      title: this.silent ? '' : this.title,
      join_verifier: sha256(this.joinKey).toString('base64url'),
      host_verifier: sha256(this.hostKey).toString('base64url'),
      ...this.more,
    };
  }

  static async create (daemon, options) {
    const room = new Room(options);
    const answer = await daemon.admin('POST', '/api/v1/rooms', room.body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return room;
  }

  /** A `join` for this room. */
  join (members = {}) {
    const { host = false, name = 'Ann', visitor, ...more } = members;
    const others = this.silent ? { mic: false, camera: false } : { name, mic: true, camera: true, ...visitor && { visitor } };
    return {
      type: 'join', room: this.id, key: this.joinKey.toString('base64url'), ...others,
      ...host ? { host_key: this.hostKey.toString('base64url') } : {}, ...more,
    };
  }
}
