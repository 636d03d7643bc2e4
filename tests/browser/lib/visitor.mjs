// One person at a browser: opens a link, joins, presses buttons by their names, and tells what can be seen and heard.
// Each has a context of their own, so also a storage of their own.
import { evidence, find, iceServers, people, picture, prepare, repairs, samples, soundElements, tile, traffic, watchMedia } from './page-side.mjs';
import { until } from './until.mjs';

export const CAPTURE = { width: 160, height: 120, frameRate: 7 };

/** What was found was drawn anew, or another page came, before it was pressed. */
const GONE = /not clickable|detached|context was destroyed|no such node/i;

export class Visitor {
  /** Addresses of everything the page asked for. @type {string[]} */ requests = [];
  /** Errors that no script caught. @type {string[]} */ errors = [];

  /** @param {import('puppeteer-core').Page} page @param {string} name */
  constructor (page, name) {
    this.page = page;
    this.name = name;
    page.on('request', request => this.requests.push(request.url()));
    page.on('pageerror', error => this.errors.push(error instanceof Error ? error.message : String(error)));
  }

  /**
   * A page at a URL, not yet joined. `before` runs in the page before its own scripts.
   * @param {import('puppeteer-core').Browser} browser
   * @param {string} url
   * @param {string} name
   * @param {(() => void) | null} [before]
   * @param {typeof CAPTURE} [capture] the camera
   */
  static async open (browser, url, name, before = null, capture = CAPTURE) {
    const context = await browser.createBrowserContext();
    const self = new Visitor(await context.newPage(), name);
    await self.page.evaluateOnNewDocument(prepare, capture);
    if (before)
      await self.page.evaluateOnNewDocument(before);
    await self.page.goto(url, { waitUntil: 'load', timeout: 90_000 }); // a browser that has just started on a busy machine
    return self;
  }

  /**
   * Opens the link and joins.
   * @param {import('puppeteer-core').Browser} browser
   * @param {string} url
   * @param {string} name
   * @param {(() => void) | null} [before]
   * @param {typeof CAPTURE} [capture]
   */
  static async join (browser, url, name, before = null, capture = CAPTURE) {
    const self = await Visitor.open(browser, url, name, before, capture);
    await self.enter();
    return self;
  }

  /** Asks to come in. */
  async knock () {
    await this.fill('Your name', this.name);
    await this.press('Join');
  }

  async enter () {
    await this.knock();
    // Who only watches has no tile.
    await until(`${this.name} is in the meeting`, () => this.page.$('[data-role=viewer], [data-participant][data-self]'), { timeout: 30_000 });
  }

  /** @param {string} selector @param {string} name */
  async #locate (selector, name) {
    const handle = await until(`${this.name} sees "${name}"`, async () => (await this.page.evaluateHandle(find, selector, name)).asElement());
    return /** @type {import('puppeteer-core').ElementHandle<Element>} */ (handle);
  }

  /** Whether such a button is there now. @param {string} name */
  async has (name) {
    return (await this.page.evaluateHandle(find, 'button, [role=button], a', name)).asElement() !== null;
  }

  /** Whether the keyboard's focus is on that. @param {string} name */
  async isFocused (name) {
    const element = (await this.page.evaluateHandle(find, 'button, input, textarea, a, summary', name)).asElement();
    return element !== null && await this.page.evaluate(node => node === document.activeElement, element);
  }

  /** With the keyboard alone. @param {string} name */
  async tabTo (name) {
    for (let i = 0; i < 80; i++) {
      if (await this.isFocused(name))
        return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`"${name}" cannot be reached with Tab`);
  }

  /** A real click on what has that name in the open dialog. @param {string} name */
  pressInDialog (name) {
    return this.press(name, 'dialog[open] button');
  }

  /** A real click. @param {string} name @param {string} [among] */
  async press (name, among = 'button, [role=button], a, summary') {
    await until(`"${name}" can be pressed`, async () => {
      const element = await this.#locate(among, name);
      try {
        if (await element.evaluate(node => /** @type {HTMLButtonElement} */ (node).disabled))
          return false;
        await element.click();
        return true;
      } catch (error) {
        if (!GONE.test(String(error)))
          throw error;
        return false;
      }
    });
  }

  /** Pins a tile. @param {string} name as on the tile */
  async pin (name) {
    const button = await this.#locate('[data-participant] button', `Pin ${name}`);
    await button.evaluate(node => /** @type {HTMLElement} */ (node).click()); // it shows on hover, which headless browsers have not
  }

  /** A host does something about somebody who has a tile. @param {string} name @param {string} what */
  async govern (name, what) {
    const button = await this.#locate('[data-participant] button', `What to do about ${name}`);
    await button.evaluate(node => /** @type {HTMLElement} */ (node).click());
    await this.press(what, '#person-menu button');
  }

  /** Pins nobody. */
  async unpin () {
    await this.page.evaluate(() => {
      for (const button of document.querySelectorAll('[data-participant] .tool[aria-pressed=true]'))
        /** @type {HTMLElement} */ (button).click();
    });
  }

  /** @param {string} label @param {string} text */
  async fill (label, text) {
    const element = await this.#locate('input, textarea', label);
    await element.evaluate(node => { /** @type {HTMLInputElement} */ (node).value = ''; });
    await element.type(text);
  }

  /** The person ids and labels of all tiles. */
  people () {
    return this.page.evaluate(people);
  }

  async id () {
    return (await this.people()).find(person => person.self)?.id ?? '';
  }

  /** @param {string} id of a person */
  picture (id) {
    return this.page.evaluate(picture, `[data-participant="${id}"] video`);
  }

  /** The screen that a person shares. @param {string} id */
  screen (id) {
    return this.page.evaluate(picture, `[data-screen="${id}"] video`);
  }

  traffic () {
    return this.page.evaluate(traffic);
  }

  /** What was lost and sent again, both ways. */
  repairs () {
    return this.page.evaluate(repairs);
  }

  /** How somebody's tile looks; null where there is none. @param {string} id */
  tile (id) {
    return this.page.evaluate(tile, id);
  }

  /** Notes from now on ten times a second what comes. */
  async watchMedia () {
    await this.page.evaluate(watchMedia);
  }

  /** What was noted since watchMedia(). */
  samples () {
    return this.page.evaluate(samples);
  }

  iceServers () {
    return this.page.evaluate(iceServers);
  }

  /** Until the picture of someone moves and is not plain. @param {Visitor} other @param {number} [timeout] */
  async sees (other, timeout = 30_000) {
    const id = await other.id();
    await this.page.bringToFront();
    try {
      const first = await until(`${this.name} has a picture of ${other.name}`, async () => {
        const now = await this.picture(id);
        return now.frames > 0 && now;
      }, { timeout });
      await until(`the picture of ${other.name} moves at ${this.name}`, async () => {
        const now = await this.picture(id);
        return now.frames >= first.frames + 5 && now.contrast > 30;
      }, { timeout });
    } catch (error) {
      for (const visitor of [this, other])
        console.error(`${visitor.name}: ${await visitor.page.evaluate(evidence)}`);
      throw error;
    }
  }

  /** Until sound arrives, is not silence, and is played by `elements` elements. @param {number} [elements] */
  async hears (elements = 1) {
    await until(`${this.name} hears someone`, async () => {
      const before = (await this.traffic()).energy;
      await new Promise(resolve => setTimeout(resolve, 1000));
      return (await this.traffic()).energy > before + 1e-6;
    });
    await until(`${this.name} plays ${elements} voices`, async () => await this.page.evaluate(soundElements) >= elements);
  }

  /** @param {number} others */
  async meets (others) {
    await until(`${this.name} sees ${others} others`, async () => (await this.people()).length === others + 1);
  }

  /** Opens the chat where it is not open. */
  async openChat () {
    if (!await this.page.$('#panel-chat'))
      await this.press('Chat');
  }

  /** Sends a chat message. @param {string} text */
  async write (text) {
    await this.openChat();
    await this.fill('Message to everyone', text);
    await this.page.keyboard.press('Enter');
  }

  /** The text of the whole page. */
  text () {
    return this.page.evaluate(() => document.body.innerText);
  }

  /** @param {string | RegExp} wanted @param {number} [timeout] */
  async reads (wanted, timeout = 20_000) {
    await until(`${this.name} reads ${wanted}`, async () => {
      const text = await this.text();
      return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
    }, { timeout });
  }

  /** Breaches of the content security policy. @returns {Promise<string[]>} */
  violations () {
    return this.page.evaluate(() => /** @type {any} */ (globalThis).conclaveProbe.violations);
  }

  async close () {
    await this.page.browserContext().close();
  }
}
