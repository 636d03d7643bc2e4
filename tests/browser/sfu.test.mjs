// Rooms whose media go through the server: three people in both browsers see and hear each other.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { Visitor } from './lib/visitor.mjs';

const server = serverForFile();

test('three people in a Boardroom see and hear each other', { timeout: 180_000 }, async () => {
  const room = await server.now.createRoom('Board meeting', 'boardroom');
  const ann = await Visitor.join(await chromium(), room.host_url, 'Ann');
  const ben = await Visitor.join(await firefox(), room.join_url, 'Ben');
  const cem = await Visitor.join(await chromium(), room.join_url, 'Cem');
  const all = [ann, ben, cem];
  try {
    for (const one of all)
      for (const other of all.filter(other => other !== one))
        await one.sees(other);
    await Promise.all(all.map(one => one.hears()));
    for (const one of all)
      assert.deepEqual([...one.errors, ...await one.violations()], []);
  } finally {
    await Promise.all(all.map(one => one.close()));
  }
});
