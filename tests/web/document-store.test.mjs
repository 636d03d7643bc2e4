// document-store.js: files in a pretended file system of the browser, or in memory where there is none; what pages before have left.

import './setup.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentStore } from '../../data/web/core/document-store.js';
import { FakeClock, settle } from './clock.mjs';

/** navigator.storage and navigator.locks, of several pages. */
class FakeBrowser {
  folders = new Map();
  held = new Set();
  full = false;

  storage = { getDirectory: async () => this.#root() };

  #root() {
    const { folders } = this;
    return {
      keys: () => (async function* keys() {
        yield* [...folders.keys()];
      })(),
      getDirectoryHandle: async name => this.#folder(folders.set(name, folders.get(name) ?? new Map()).get(name)),
      removeEntry: async name => void folders.delete(name),
    };
  }

  #folder(files) {
    return {
      getFileHandle: async name => ({
        createWritable: async () => {
          if (this.full)
            throw new DOMException('full', 'QuotaExceededError');
          const parts = [];
          files.set(name, null);
          return {
            write: async bytes => void parts.push(Uint8Array.from(bytes)),
            close: async () => void files.set(name, new Blob(parts, { type: 'text/html' })),
            abort: async () => void files.set(name, null),
          };
        },
        getFile: async () => files.get(name),
      }),
      removeEntry: async name => void files.delete(name),
    };
  }

  locks = {
    request: async (name, options, callback = options) => {
      const taken = this.held.has(name);
      if (options.ifAvailable && taken)
        return callback(null);
      assert.ok(!taken);
      this.held.add(name);
      return Promise.resolve(callback({ name })).finally(() => this.held.delete(name));
    },
  };

  page(clock = new FakeClock()) {
    return new DocumentStore({ storage: this.storage, locks: this.locks, clock });
  }
}

const bytes = text => new TextEncoder().encode(text);

for (const where of ['on disk', 'in memory'])
  test(`${where}: what is put away comes back in order, and is nothing that a browser shows`, async () => {
    const browser = new FakeBrowser();
    const store = where === 'on disk' ? browser.page() : new DocumentStore({ storage: undefined, locks: undefined });
    const place = await store.open();
    const other = await store.open();
    await place.append(bytes('<script>'));
    await other.append(bytes('other'));
    await place.append(bytes('1</script>'));
    const file = await place.finish();
    assert.equal(await file.text(), '<script>1</script>');
    assert.equal(file.type, 'application/octet-stream');
    assert.equal(await (await other.finish()).text(), 'other');
    assert.equal(browser.folders.size, where === 'on disk' ? 1 : 0);
    if (where === 'on disk') {
      await place.discard();
      assert.deepEqual([...[...browser.folders.values()][0].keys()], ['2']);
    }
  });

test('without locks, or where the browser refuses, it is in memory', async () => {
  const browser = new FakeBrowser();
  for (const store of [
    new DocumentStore({ storage: browser.storage, locks: undefined }),
    new DocumentStore({ storage: { getDirectory: async () => { throw new DOMException('private window', 'SecurityError'); } }, locks: browser.locks }),
  ]) {
    const place = await store.open();
    await place.append(bytes('x'));
    assert.equal(await (await place.finish()).text(), 'x');
  }
  assert.equal(browser.folders.size, 0);
  browser.full = true;
  const place = await browser.page().open();
  await place.append(bytes('y'));
  assert.equal(await (await place.finish()).text(), 'y');
});

test('what a page left that is gone is removed, what another one has is not', async () => {
  const browser = new FakeBrowser();
  const running = browser.page();
  await running.open();
  browser.folders.set('documents-crashed', new Map([['1', new Blob(['secret'])]]));
  browser.folders.set('somebody-else', new Map());
  await browser.page().open();
  assert.equal(browser.folders.has('documents-crashed'), false);
  assert.equal(browser.folders.size, 3);
  assert.ok(browser.folders.has('somebody-else'));
});

test('when it is over all is removed, after what is being saved', async () => {
  const browser = new FakeBrowser();
  const clock = new FakeClock();
  const store = browser.page(clock);
  const place = await store.open();
  await place.append(bytes('secret'));
  await place.finish();
  const cleared = store.clear();
  await clock.advance(59_000);
  assert.equal(browser.folders.size, 1);
  await clock.advance(2_000);
  await cleared;
  await settle();
  assert.deepEqual([browser.folders.size, browser.held.size], [0, 0]);
  await new DocumentStore({ storage: browser.storage, locks: browser.locks, clock }).clear();
  assert.equal(clock.pending, 0, 'nothing was there');
});
