// Prometheus' text format 0.0.4, read strictly: what its own parser would take for a mistake, or as something else, is an error.
import assert from 'node:assert/strict';

const NAME = '[a-z][a-z_]*';
const VALUE = String.raw`[+-]?(?:\d+(?:\.\d+)?(?:e[+-]\d+)?|Inf)|NaN`;
const LABEL = String.raw`[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"`;
const HELP = new RegExp(`^# HELP (${NAME}) (\\S(?:[^\\\\]|\\\\[\\\\n])*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (gauge|counter)$`);
const SAMPLE = new RegExp(`^(${NAME})((?:\\{${LABEL}(?:,${LABEL})*\\})?) (${VALUE})$`);

/**
 * Numbers by name and labels as they are written: `conclave_room_people{kind="standard"}`.
 * @returns {{ values: Map<string, number>, families: Map<string, string> }} families: name → type
 */
export function parseExposition (text) {
  const values = new Map(), families = new Map();
  assert.ok(text.endsWith('\n'), 'ends with a line');
  const lines = text.slice(0, -1).split('\n');
  let current = '';
  for (let i = 0; i < lines.length; i++) {
    const help = HELP.exec(lines[i]);
    if (help) {
      const type = TYPE.exec(lines[++i]);
      assert.equal(type?.[1], help[1], `the type stands under the help: ${lines[i]}`);
      assert.ok(!families.has(help[1]), `${help[1]} is there once`);
      assert.equal(type[2] === 'counter', help[1].endsWith('_total'), help[1]);
      families.set(current = help[1], type[2]);
      continue;
    }
    const sample = SAMPLE.exec(lines[i]);
    assert.ok(sample, `this is a number: ${lines[i]}`);
    assert.equal(sample[1], current, 'it is one of its family');
    assert.ok(!values.has(sample[1] + sample[2]), `${lines[i]} is there once`);
    values.set(sample[1] + sample[2], Number(sample[3].replace('Inf', 'Infinity')));
  }
  for (const name of families.keys())
    assert.ok([...values.keys()].some(key => key === name || key.startsWith(`${name}{`)), `${name} has a number`);
  return { values, families };
}
