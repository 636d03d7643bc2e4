// link-1's test vectors, computed by each browser with the very modules that it is served.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { chromium, firefox } from './lib/browsers.mjs';
import { serverForFile } from './lib/suite.mjs';
import { Visitor } from './lib/visitor.mjs';

const server = serverForFile();
const vectors = JSON.parse(await fs.readFile(new URL('../vectors/link-1.json', import.meta.url), 'utf8'));
const source = await fs.readFile(new URL('../vectors/run.js', import.meta.url), 'utf8');

for (const [name, launch] of /** @type {const} */ ([['Chromium', chromium], ['Firefox', firefox]])) {
  test(`link-1 in ${name}`, { timeout: 60_000 }, async () => {
    const visitor = await Visitor.open(await launch(), server.now.url, 'Ann');
    const script = await visitor.page.evaluate(() => /** @type {HTMLScriptElement} */ (document.querySelector('script[type=module][src]')).src);
    const core = new URL('../core/', script).href;
    // The runner is no part of what is served: it is handed over as a function's text, past the policy.
    const runner = source.replace(/^export /gm, '');
    const run = `(async () => { ${runner}
      const core = {};
      for (const name of ['bytes', 'link', 'link1', 'orders', 'pieces', 'rotation', 'sealed'])
        core[name] = await import(${JSON.stringify(core)} + name + '.js');
      core.group = await import(${JSON.stringify(core)} + 'group-code.js');
      core.names = await import(${JSON.stringify(core)} + 'knock-names.js');
      return runVectors(${JSON.stringify(vectors)}, core);
    })()`;
    const result = /** @type {{ checks: number, failures: string[] }} */ (await visitor.page.evaluate(run));
    assert.deepEqual(result.failures, []);
    assert.ok(result.checks > 165, `${result.checks} checks`);
    await visitor.close();
  });
}
