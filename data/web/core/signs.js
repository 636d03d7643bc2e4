// Reactions to messages: objects of the shared model, one for each message, person and sign, which is put up and taken down again.

/** @typedef {import('./model.js').Model} Model */
/** @typedef {{ sign: string, n: number, own: boolean, from: string[] }} Sign from: ids of the people */

/** What people answered to a message with, the first sign first. @param {Model} model @returns {Map<string, Sign[]>} by message */
export function signsOf(model) {
  /** @type {Map<string, Sign[]>} */
  const found = new Map();
  for (const { fields: { message, sign, from, on }, own } of model.list('reaction')) {
    if (!on)
      continue;
    const signs = found.get(message) ?? [];
    found.set(message, signs);
    let entry = signs.find(other => other.sign === sign);
    if (!entry)
      signs.push(entry = { sign, n: 0, own: false, from: [] });
    if (entry.from.includes(from))
      continue;
    entry.from.push(from);
    entry.n++;
    entry.own ||= own;
  }
  return found;
}

/** Puts a sign up, or takes it down. Throws as the model does. @param {Model} model @param {string} message its id @param {string} sign one of `REACTIONS` */
export function toggleSign(model, message, sign) {
  const own = model.list('reaction').find(({ own, fields }) => own && fields.message === message && fields.sign === sign);
  if (own)
    model.set(own.id, { on: !own.fields.on });
  else
    model.create('reaction', { message, sign, on: true }, `${message}-${sign}`);
}
