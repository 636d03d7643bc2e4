// What the daemon says there is to share is what the web client knows.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { SCHEMA } from '../../data/web/core/model-schema.js';

test('one schema, written twice', () => {
  const printed = JSON.parse(execFileSync(process.env.CONCLAVE_DAEMON, ['--model'], { encoding: 'utf8' }));
  assert.deepEqual(SCHEMA, printed);
});
