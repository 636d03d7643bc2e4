// What every test file shares: one server and its browsers for the file, all ended at its end whatever happened.
import { after, before } from 'node:test';
import { closeAll } from './browsers.mjs';
import { Server } from './server.mjs';

/**
 * A server for the whole file; `.now` is there once the tests run.
 * @param {Parameters<typeof Server.start>[0]} [options]
 */
export function serverForFile (options = {}) {
  const holder = { now: /** @type {Server} */ (/** @type {unknown} */ (null)) };
  before(async () => {
    const config = { ...options.config, limits: { 'joins-per-minute': 1000, ...options.config?.limits } };
    holder.now = await Server.start({ ...options, config });
  });
  after(async () => {
    await closeAll();
    await holder.now?.stop();
  });
  return holder;
}
