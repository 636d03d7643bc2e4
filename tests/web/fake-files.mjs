// What tests of documents between browsers share: files of known bytes, places to put them, and ways between people that a test can hold and cut.

import { composeFile, parseFile } from '../../data/web/core/file-messages.js';
import { settle } from './clock.mjs';

export function bytesOf(length, seed = 1) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++)
    bytes[i] = i * 31 + (i >> 10) + seed;
  return bytes;
}

export const fileOf = (bytes, name = 'file.bin', type = '') => Object.assign(new Blob([bytes], { type }), { name });

/** Places of files, in memory. */
export class FakeStore {
  places = [];
  room = Infinity;

  open = async () => {
    const place = {
      parts: [], finished: false, discarded: false,
      append: async bytes => {
        await settle();
        if ((this.room -= bytes.length) < 0)
          throw new DOMException('full', 'QuotaExceededError');
        place.parts.push(Uint8Array.from(bytes));
      },
      finish: async () => {
        place.finished = true;
        return new Blob(place.parts);
      },
      discard: async () => {
        place.discarded = true;
      },
    };
    this.places.push(place);
    return place;
  };

  clear = async () => {
    this.places.forEach(place => place.discard());
  };
}

/** One direction between two: what was sent comes a turn later, as a message again. `change` may return others in its place. */
export function way(deliver, change = message => [message]) {
  const self = {
    open: true,
    sent: [],
    send: async (type, bytes) => {
      if (!self.open)
        return false;
      const message = parseFile(type, Uint8Array.from(bytes));
      self.sent.push(message);
      await settle();
      for (const one of change(message) ?? []) {
        if (self.open)
          deliver(parseFile(...composeFile(one)));
      }
      return self.open;
    },
  };
  return self;
}

export async function until(condition, what = String(condition)) {
  for (let i = 0; i < 20_000; i++) {
    if (condition())
      return;
    await settle();
  }
  throw new Error(`never: ${what}`);
}

export async function turns(n = 30) {
  for (let i = 0; i < n; i++)
    await settle();
}
