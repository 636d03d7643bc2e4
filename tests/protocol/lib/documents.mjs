// Sharing documents as a page does: begin, send bytes from where the server stands, download by an address.
import { createHash } from 'node:crypto';

const DOCUMENTS = '/api/v1/documents';

export const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

/** Bytes that no two pieces of are the same. */
export function makeBytes (n, seed = 1) {
  const bytes = Buffer.alloc(n);
  let x = seed;
  for (let i = 0; i + 4 <= n; i += 4) {
    x = Math.imul(x, 1664525) + 1013904223 | 0;
    bytes.writeInt32LE(x, i);
  }
  return bytes;
}

/** Somebody in a meeting, with their badge. */
export class Sharer {
  constructor (daemon, person) {
    Object.assign(this, { daemon, person });
    this.badge = person.joined.documents?.token;
    this.path = `/api/v1/meetings/${person.joined.meeting}/documents`;
  }

  get headers () {
    return { authorization: `Bearer ${this.badge}` };
  }

  /** `behind`: "/ID…" of a document; "": all of the meeting */
  ask (method, behind = '', body = undefined, headers = {}) {
    return this.daemon.request(method, behind ? DOCUMENTS + behind : this.path, body, { ...this.headers, ...headers });
  }

  begin (name, bytes, members = {}) {
    return this.ask('POST', '', { name, bytes: bytes.length ?? bytes, media_type: 'text/plain', ...members });
  }

  send (id, offset, bytes) {
    return this.ask('PATCH', `/${id}`, bytes, { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) });
  }

  /** All of it. @returns the answer to the last byte */
  async share (name, bytes) {
    const { status, body } = await this.begin(name, bytes);
    if (status !== 201)
      return { status, body };
    return { ...await this.send(body.id, 0, bytes), id: body.id };
  }

  offset (id) {
    return this.ask('GET', `/${id}/upload`);
  }

  async list () {
    return (await this.ask('GET')).body.documents;
  }

  /** As a browser follows a link: without anything that says who asks. */
  async download (id, headers = {}) {
    const { status, body } = await this.ask('POST', `/${id}/link`);
    return status === 201 ? await this.daemon.request('GET', body.url, undefined, headers) : { status, body };
  }
}
