// How a page looks: pictures of it for people, and what axe-core finds in it.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { until } from './until.mjs';

const AXE = await fs.readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENSHOTS = process.env.CONCLAVE_SCREENSHOTS;

/** @param {import('./visitor.mjs').Visitor} visitor @param {string} name */
export async function photograph (visitor, name) {
  if (!SCREENSHOTS)
    return;
  await fs.mkdir(SCREENSHOTS, { recursive: true });
  await visitor.page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
}

/** As the system wants it; Firefox can only be told as a person in the page's own settings does. @param {import('./visitor.mjs').Visitor} visitor @param {'light' | 'dark'} theme */
async function setTheme (visitor, theme) {
  if (/firefox/i.test(await visitor.page.browser().version()))
    await visitor.page.evaluate(wanted => { document.documentElement.dataset.theme = wanted; }, theme);
  else
    await visitor.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
}

/** Wide and narrow, light and dark; it is wide and dark afterwards. @param {import('./visitor.mjs').Visitor} visitor @param {string} name */
export async function photographAll (visitor, name) {
  if (!SCREENSHOTS)
    return;
  for (const [width, height] of [[360, 740], [1280, 800]]) {
    await visitor.page.setViewport({ width, height });
    for (const theme of /** @type {const} */ (['light', 'dark'])) {
      await setTheme(visitor, theme);
      await photograph(visitor, `${name}-${width}-${theme}`);
    }
  }
}

/** No serious or critical finding in either theme. @param {import('./visitor.mjs').Visitor} visitor @param {string} where */
export async function isAccessible (visitor, where) {
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    await setTheme(visitor, theme);
    await until('nothing moves', () => visitor.page.evaluate(() =>
      document.getAnimations().every(animation => animation.playState !== 'running')));
    const findings = await visitor.page.evaluate(async () => {
      const { violations, passes } = await /** @type {any} */ (globalThis).axe.run(document, { resultTypes: ['violations'] });
      if (passes.length < 10)
        throw new Error(`only ${passes.length} rules applied`);
      return violations.filter((/** @type {any} */ v) => ['serious', 'critical'].includes(v.impact))
        .map((/** @type {any} */ v) => `${v.id}: ${v.nodes.map((/** @type {any} */ node) => node.html).join(' | ')}`);
    });
    assert.deepEqual(findings, [], `${where}, ${theme}`);
  }
}

/** Debugger's text, so the policy does not concern it. @param {import('./visitor.mjs').Visitor} visitor */
export async function addAxe (visitor) {
  await visitor.page.evaluate(AXE);
}

/** @param {import('./visitor.mjs').Visitor} visitor */
export async function doesNotScrollSideways (visitor) {
  const { scroll, client } = await visitor.page.evaluate(() =>
    ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
  assert.ok(scroll <= client, `${scroll} px wide in ${client}`);
}
