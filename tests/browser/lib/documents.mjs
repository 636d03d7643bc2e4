// The documents panel as a hand uses it, and downloads that go to the disk.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { until } from './until.mjs';

/** @typedef {import('./visitor.mjs').Visitor} Visitor */

/** @param {Uint8Array} bytes */
export const sumOf = bytes => createHash('sha256').update(bytes).digest('hex');

/** @param {Visitor} one */
export async function openPanel (one) {
  if (!await one.page.$('#panel-documents'))
    await one.press('Documents', '.control');
}

/** Through the button. @param {Visitor} one @param {string} state a folder to write them in @param {Record<string, Uint8Array | string>} files @returns {Promise<string[]>} where they are */
export async function chooseFiles (one, state, files) {
  const folder = await fs.mkdtemp(path.join(state, 'files-'));
  const paths = await Promise.all(Object.entries(files).map(async ([name, contents]) => {
    await fs.writeFile(path.join(folder, name), contents);
    return path.join(folder, name);
  }));
  const input = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (await until('there is a button', () => one.page.$('#panel-documents input[type=file]')));
  await input.uploadFile(...paths);
  return paths;
}
