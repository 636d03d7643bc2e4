// Waiting for something to become true, with a sentence for when it does not. Knows no browser.

export const sleep = (/** @type {number} */ ms) => new Promise(resolve => setTimeout(resolve, ms));

/**
 * Asks again and again until the answer is truthy, and returns it.
 * @template T
 * @param {string} what for the error
 * @param {() => T | Promise<T>} ask
 * @param {{ timeout?: number, every?: number }} [options] in ms
 * @returns {Promise<Exclude<T, false | null | undefined | 0 | ''>>}
 */
export async function until (what, ask, { timeout = 20_000, every = 150 } = {}) {
  const end = Date.now() + timeout;
  for (let last = /** @type {unknown} */ (null); ; await sleep(every)) {
    try {
      last = await ask();
      if (last)
        return /** @type {any} */ (last);
    } catch (error) {
      last = error;
    }
    if (Date.now() > end)
      throw new Error(`waited ${timeout / 1000} s in vain until ${what}; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
  }
}
