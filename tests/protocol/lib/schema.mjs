// The schemas of src/signalling/protocol.schema.json as functions that throw.
import fs from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const text = fs.readFileSync(new URL('../../../src/signalling/protocol.schema.json', import.meta.url), 'utf8');
export const schema = JSON.parse(text);
const ajv = new Ajv.default({ strict: true, allErrors: true });
ajv.addSchema(schema, 'protocol');

/** Throws unless `message` is what `side` ("client", "server") may send. */
export function check (side, message) {
  const validate = ajv.getSchema(`protocol#/$defs/${side}.${message?.type}`);
  if (!validate)
    throw new Error(`${side} messages of type ${JSON.stringify(message?.type)} have no schema`);
  if (!validate(message))
    throw new Error(`${JSON.stringify(message).slice(0, 300)}: ${ajv.errorsText(validate.errors)}`);
}

export function fits (side, message) {
  try {
    check(side, message);
    return true;
  } catch {
    return false;
  }
}
