// What stands in chat and notes, and the way there.
import { until } from './until.mjs';

/** @typedef {import('./visitor.mjs').Visitor} Visitor */

/** @param {string} what @param {() => Promise<unknown>} ask @param {unknown} wanted */
export const becomes = (what, ask, wanted) => until(what, async () => {
  const now = JSON.stringify(await ask());
  if (now !== JSON.stringify(wanted))
    throw new Error(now);
  return true;
}, { timeout: 30_000 });

/** The texts of what a selector finds. @param {Visitor} one @param {string} selector @returns {Promise<string[]>} */
export const texts = (one, selector) => one.page.evaluate(wanted => [...document.querySelectorAll(wanted)].map(element => element.textContent?.trim().replace(/\s+/g, ' ') ?? ''), selector);

/** @param {Visitor} one @param {'Agenda' | 'Minutes' | 'Polls'} tab */
export async function openNotes (one, tab) {
  if (!await one.page.$('#panel-notes'))
    await one.press('Notes', '.control');
  await one.press(tab, '[role=tab]');
}

/** The paragraphs of the minutes, as they stand in their fields. @param {Visitor} one */
export const paragraphs = one => one.page.evaluate(() => [...document.querySelectorAll('.block textarea')].map(field => /** @type {HTMLTextAreaElement} */ (field).value));
