// What hosts do on the start page, for tests.
import { until } from './until.mjs';

/** @typedef {import('./visitor.mjs').Visitor} Visitor */

/** What the page would have copied or saved, where a test can read it. */
export function prepare () {
  const kept = { copied: /** @type {string[]} */ ([]), saved: /** @type {Promise<string>[]} */ ([]), sent: /** @type {string[]} */ ([]) };
  Object.assign(globalThis, { kept });
  const { fetch } = globalThis;
  globalThis.fetch = (what, options) => {
    kept.sent.push(`${what} ${options?.body ?? ''}`);
    return fetch(what, options);
  };
  const clipboard = { writeText: async (/** @type {string} */ text) => { kept.copied.push(text); } };
  Object.defineProperty(navigator, 'clipboard', { value: clipboard });
  const original = URL.createObjectURL;
  URL.createObjectURL = what => {
    if (what instanceof Blob)
      kept.saved.push(what.text());
    return original(what);
  };
}

/** @param {Visitor} visitor @returns {Promise<string>} */
export const lastCopied = visitor => until(`${visitor.name} has copied`, () => visitor.page.evaluate(() => /** @type {any} */ (globalThis).kept.copied.pop()));

/** @param {Visitor} visitor @returns {Promise<string>} */
export const lastSaved = visitor => until(`${visitor.name} has saved`, () => visitor.page.evaluate(() => /** @type {any} */ (globalThis).kept.saved.pop()));

/** @param {Visitor} visitor @param {string} kind @param {string} title @returns {Promise<{ join: string, host: string }>} */
export async function makesRoom (visitor, kind, title) {
  await until(`${visitor.name} has chosen ${kind}`, () => visitor.page.evaluate(value => {
    const choice = /** @type {HTMLInputElement | null} */ (document.querySelector(`.kind [value=${value}]:enabled`)); // it is not before the page has asked what there is
    choice?.click();
    return choice?.checked;
  }, kind));
  await visitor.fill('What is it about? (optional)', title);
  await visitor.press('Make the meeting');
  await until(`${visitor.name} has made it`, () => visitor.page.$('#join-link'));
  const value = (/** @type {string} */ id) => visitor.page.$eval(id, element => /** @type {HTMLInputElement} */ (element).value);
  return { join: await value('#join-link'), host: await value('#host-link') };
}

/** What the menu of a room, an event or somebody offers. @param {Visitor} visitor @param {string} title @param {string} what @param {string} [among] */
export async function chooses (visitor, title, what, among = '.room') {
  await visitor.press(`More for ${title}`, `${among} button`);
  await visitor.press(what, '.menu:popover-open button');
}

/** What stands in a field, as if it had been typed: fields for dates differ by browser and language. @param {Visitor} visitor @param {string} selector @param {string} value */
export const sets = (visitor, selector, value) => visitor.page.$eval(selector, (element, wanted) => {
  /** @type {HTMLInputElement} */ (element).value = wanted;
  element.dispatchEvent(new Event('input', { bubbles: true }));
}, value);
