// Takes a picture of every state of the pages, wide and narrow, light and dark, and looks for what would shut somebody out (axe):
// node tests/web/demo/photograph.mjs FOLDER [PART-OF-A-NAME [SIZE]]. No test: the pictures are for people to look at.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { phone: [360, 740], tablet: [768, 1024], desk: [1440, 900] };
const [folder = 'pictures', part = '', wanted = ''] = process.argv.slice(2);
const HANDS = 'kind=boardroom&hand=4,2&muted=1,3&speaking=1';

/** What is pressed after joining: names of controls, or selectors. @type {[name: string, query: string, press?: string[], lang?: string][]} */
const STATES = [
  ['start', '@?as=', []],
  ['start-de', '@?as=', [], 'de'],
  ['start-host', '@', []],
  ['start-host-de', '@', ['.kind [value=boardroom]'], 'de'],
  ['start-host-menu', '@', ['.room:nth-child(2) [aria-haspopup]']],
  ['start-admin', '@?as=admin', ['.account-name']],
  ['start-made', '@', ['.new-make .button', '!wait']],
  ['start-made-board-fr', '@', ['.kind [value=boardroom]', '.new-make .button', '!wait'], 'fr'],
  ['start-invite', '@', ['.room [aria-haspopup]', '#room-menu .button:has([href$="#mail"])']],
  ['start-settings', '@', ['.room [aria-haspopup]', '#room-menu .button:has([href$="#settings"])']],
  ['start-phones', '@', ['.kind [value=boardroom]', '.new-meeting [name=dial-in]', '.new-make .button', '!wait']],
  ['start-invite-phones-de', '@', ['.room [aria-haspopup]', '#room-menu .button:has([href$="#mail"])'], 'de'],
  ['start-delete', '@', ['.room [aria-haspopup]', '#room-menu .button:has([href$="#trash-2"])']],
  ['start-plan', '@', ['.room [aria-haspopup]', '#room-menu .button:has([href$="#calendar-plus"])']],
  ['start-change-de', '@', ['.occurrence:last-child [aria-haspopup]', '.upcoming-day:last-of-type [aria-haspopup]', '#occurrence-menu .button:has([href$="#pencil"])', '!wait'], 'de'],
  ['start-cancel', '@', ['.occurrence [aria-haspopup]', '#occurrence-menu .button:has([href$="#calendar-x"])']],
  ['sign-in', '@sign-in?as=', []],
  ['sign-in-key-nl', '@sign-in?as=', ['#tab-key'], 'nl'],
  ['sign-in-code', '@sign-in?as=#AAAA', []],
  ['account', '@account', []],
  ['account-fr', '@account', [], 'fr'],
  ['users', '@users?as=admin', []],
  ['users-add', '@users?as=admin', ['.library-head .primary']],
  ['p2p-5', 'people=5&muted=1&off=3&speaking=2'],
  ['p2p-people', 'people=5&muted=1&off=3', ['people']],
  ['board-1', 'kind=boardroom&people=1&host=1'],
  ['board-2', 'kind=boardroom&people=2&speaking=1'],
  ['board-9', `${HANDS}&people=9&off=3,6&poor=5&paused=7`],
  ['board-25', `${HANDS}&people=25&off=3,6,9`],
  ['board-100', `${HANDS}&people=100`],
  ['board-share', `${HANDS}&people=25&share=3`],
  ['board-spotlight', `${HANDS}&people=9&spotlight=2`],
  ['board-people', `${HANDS}&people=9&host=1`, ['people']],
  ['board-menu', `${HANDS}&people=9&host=1`, ['people', '.person:nth-child(3) [aria-haspopup]']],
  ['board-connections', `${HANDS}&people=9&host=1`, ['[popovertarget=more-menu]', '#more-menu li:not(.only-narrow) .button:has([href$="#activity"])']],
  ['board-more', `${HANDS}&people=9&host=1`, ['[popovertarget=more-menu]']],
  ['board-badge', `${HANDS}&people=3`, ['.badge']],
  ['board-reconnecting', 'kind=boardroom&people=5&media=reconnecting'],
  ['board-failed', 'kind=boardroom&people=5&media=failed'],
  ['board-phones', 'kind=boardroom&phones=1&phone=2,3&people=4&host=1&muted=3&hand=2', ['people']],
  ['board-phones-de', 'kind=boardroom&phones=1&phone=2,3&people=4&host=1&muted=3&hand=2&knocks=2&calling=0', ['people'], 'de'],
  ['board-phones-stage', 'kind=boardroom&phones=1&phone=1,2,3&people=4&muted=3&speaking=2&host=1&alert=1&knocks=1&calling=0'],
  ['board-phones-alone', 'kind=boardroom&phones=1&people=1&host=1'],
  ['board-de', `${HANDS}&people=9&host=1&long=1`, ['people'], 'de'],
  ['class-viewer', 'kind=classroom&role=viewer&people=3&viewers=312'],
  ['class-viewer-de', 'kind=classroom&role=viewer&people=4&viewers=312&questions=4', ['questions'], 'de'],
  ['class-nobody', 'kind=classroom&role=viewer&viewers=41&nobody=1'],
  ['class-questions', 'kind=classroom&host=1&people=2&viewers=312&questions=4', ['questions']],
  ['class-people', 'kind=classroom&host=1&people=3&viewers=312&hand=5,8', ['people']],
  ['class-stage', 'kind=classroom&role=viewer&people=3&viewers=312', ['!stage']],
  ['class-share', 'kind=classroom&role=viewer&people=2&viewers=312&share=1'],
  ['rec-button', `${HANDS}&people=3&host=1&recording=allowed`],
  ['rec-start', `${HANDS}&people=3&host=1&recording=allowed&consent=require`, ['.record']],
  ['rec-on', `${HANDS}&people=5&host=1&recording=on&unrecorded=2&warning=disk`],
  ['rec-sheet', `${HANDS}&people=5&host=1&recording=on&unrecorded=2,3`, ['.recording-mark']],
  ['rec-sheet-de', `${HANDS}&people=5&host=1&recording=paused&unrecorded=2`, ['.recording-mark'], 'de'],
  ['rec-consent', 'kind=boardroom&people=4&recording=on&consent=require&mine=none'],
  ['rec-consent-de', 'kind=boardroom&people=4&recording=on&consent=require&mine=none', [], 'de'],
  ['rec-undecided', 'kind=boardroom&people=4&recording=on&consent=require&mine=none', ['dialog [data-close]']],
  ['rec-silenced', 'kind=boardroom&people=9&recording=on&consent=require&mine=refused&unrecorded=0,3', ['people']],
  ['rec-silenced-fr', 'kind=boardroom&people=4&recording=on&consent=require&mine=refused&unrecorded=0', [], 'fr'],
  ['rec-paused', 'kind=classroom&people=3&viewers=312&host=1&recording=paused'],
  ['rec-stopped', `${HANDS}&people=3&host=1&recording=on`, ['!disk']],
  ['rec-class-fr', 'kind=classroom&people=3&viewers=312&host=1&recording=on', [], 'fr'],
  ['host-knock', `${HANDS}&people=5&host=1&knocks=1`],
  ['host-knocks', `${HANDS}&people=5&host=1&knocks=3`],
  ['host-people', `${HANDS}&people=6&host=1&cohost=2&knocks=3&marked=1&locked=1`, ['people']],
  ['host-people-de', `${HANDS}&people=6&host=1&cohost=2&knocks=2&marked=1&long=1`, ['people'], 'de'],
  ['host-p2p', 'people=4&host=1&knocks=1&hand=2&cohost=3', ['people']],
  ['host-menu', `${HANDS}&people=6&host=1&cohost=2`, ['people', '#panel-people .person:nth-child(4) .button.icon-only:last-child']],
  ['host-menu-de', `${HANDS}&people=6&host=1&cohost=2`, ['people', '#panel-people .person:nth-child(4) .button.icon-only:last-child'], 'de'],
  ['host-remove', `${HANDS}&people=6&host=1`, ['people', '#panel-people .person:nth-child(4) .button.icon-only:last-child', '#person-menu .button:has([href$="#user-x"])']],
  ['host-over', `${HANDS}&people=6&host=1`, ['people', '#panel-people .person:nth-child(4) .button.icon-only:last-child', '#person-menu .button:has([href$="#crown"])']],
  ['host-rename', `${HANDS}&people=6&host=1`, ['people', '#panel-people .person:nth-child(4) .button.icon-only:last-child', '#person-menu .button:has([href$="#pencil"])']],
  ['host-keys', 'people=4&host=1', ['!keys']],
  ['guest-asked', 'people=4&muted=0', ['!asked']],
  ['guest-asked-fr', 'people=4&muted=0', ['!asked'], 'fr'],
  ['guest-react', `${HANDS}&people=5`, ['!picker']],
  ['guest-reactions', `${HANDS}&people=5&off=3`, ['!reactions']],
  ['guest-crowd', 'kind=classroom&role=viewer&people=3&viewers=312', ['!reactions']],
  ['chat', 'kind=boardroom&host=1&people=3&off=0,1,2&chat=7&whispers=1', ['chat']],
  ['chat-tools', 'kind=boardroom&host=1&people=3&off=0,1,2&chat=7', ['chat', '!tools']],
  ['chat-reply-de', 'kind=boardroom&host=1&people=3&off=0,1,2&chat=7', ['chat', '!reply'], 'de'],
  ['chat-private-de', 'kind=boardroom&host=1&people=3&off=0,1,2&chat=7&whispers=1&long=1', ['chat', '!private'], 'de'],
  ['chat-empty', 'kind=boardroom&people=2', ['chat']],
  ['notes-agenda', 'kind=boardroom&host=1&people=3&off=0,1,2&agenda=4', ['notes']],
  ['notes-agenda-de', 'kind=boardroom&host=1&people=3&off=0,1,2&agenda=4&since=16', ['notes'], 'de'],
  ['notes-agenda-guest', 'kind=boardroom&people=3&off=0,1,2&agenda=4', ['notes']],
  ['notes-empty', 'kind=boardroom&host=1&people=2', ['notes']],
  ['notes-strip', 'kind=boardroom&host=1&people=3&off=0,1,2&agenda=4'],
  ['notes-minutes', 'kind=boardroom&host=1&people=3&off=0,1,2&minutes=5', ['notes', '#notes-tab-minutes']],
  ['notes-minutes-de', 'kind=boardroom&host=1&people=3&off=0,1,2&minutes=5', ['notes', '#notes-tab-minutes'], 'de'],
  ['notes-minutes-read', 'kind=classroom&people=3&viewers=3&minutes=5', ['notes', '#notes-tab-minutes']],
  ['notes-polls', 'kind=boardroom&host=1&people=3&off=0,1,2&polls=2', ['notes', '#notes-tab-polls']],
  ['notes-polls-de', 'kind=boardroom&host=1&people=3&off=0,1,2&polls=2', ['notes', '#notes-tab-polls'], 'de'],
  ['notes-poll-new-de', 'kind=boardroom&host=1&people=3&off=0,1,2', ['notes', '#notes-tab-polls', '#panel-notes .composer .button'], 'de'],
  ['notes-poll-asked', 'kind=boardroom&people=3&off=0,1,2', ['!poll']],
  ['documents', 'kind=boardroom&host=1&people=3&off=0,1,2&documents=3&uploads=3', ['documents']],
  ['documents-de', 'kind=boardroom&host=1&people=3&off=0,1,2&documents=3&uploads=3', ['documents', '.document:nth-child(2) [data-delete]'], 'de'],
  ['documents-read', 'kind=classroom&role=viewer&people=3&viewers=3&documents=2', ['documents']],
  ['documents-empty', 'kind=boardroom&people=2', ['documents']],
  ['captions', 'kind=boardroom&host=1&people=3&off=0,1,2&captions=2', ['.meeting-tools [aria-keyshortcuts="S"]']],
  ['captions-write-de', 'kind=boardroom&host=1&people=3&off=0,1,2&captions=2', ['#more-menu .button:has([href$="#pencil"])'], 'de'],
  ['summary-dialog-de', 'kind=boardroom&host=1&people=3&off=0,1,2', ['#more-menu .button:has([href$="#file-text"])'], 'de'],
  ['guest-locked', 'people=4&locked=1&cohost=2', ['people']],
  ['wait-host', 'wait=host', ['!wait']],
  ['wait-nobody', 'kind=boardroom&wait=nobody', ['!wait']],
  ['wait-lost', 'kind=boardroom&wait=lost', ['!wait']],
  ['wait-host-de', 'kind=boardroom&wait=host', ['!wait'], 'de'],
  ['wait-class', 'kind=classroom&wait=host', ['!wait']],
  ['wait-denied', 'wait=host', ['!wait', '!denied']],
  ['wait-locked', 'joinerror=locked', ['!wait']],
  ['wait-removed', 'joinerror=removed', ['!wait']],
  ['wait-timeout', 'joinerror=timeout', ['!wait']],
  ['ended-removed', 'people=3&reason=removed', ['leave']],
  ['pre-rec', 'kind=boardroom&recording=allowed&consent=require', ['!before']],
  ['lib-list', '@recordings', []],
  ['lib-list-de', '@recordings', [], 'de'],
  ['lib-nothing', '@recordings?q=nothing+like+this', []],
  ['lib-sign-in', '@recordings#wrong', []],
  ['lib-one', '@recordings/rcccccccccccc', []],
  ['lib-one-de', '@recordings/rcccccccccccc', ['.more-text summary'], 'de'],
  ['lib-one-fr', '@recordings/rcccccccccccc', ['.part .button:has([href$="#film"])'], 'fr'],
  ['lib-processing', '@recordings/rbbbbbbbbbbbb', []],
  ['lib-recording', '@recordings/raaaaaaaaaaaa', []],
  ['lib-failed', '@recordings/reeeeeeeeeeee', []],
  ['lib-render', '@recordings/rcccccccccccc', ['.part .button:has([href$="#film"])']],
  ['lib-share', '@recordings/rcccccccccccc', ['.button:has([href$="#share-2"])']],
  ['lib-shared', '@recordings/rcccccccccccc', ['.button:has([href$="#share-2"])', 'dialog form .primary']],
  ['lib-delete', '@recordings/rcccccccccccc', ['.button:has([href$="#trash-2"])']],
  ['lib-rename', '@recordings/rcccccccccccc', ['.button:has([href$="#pencil"])']],
  ['lib-gone', '@recordings/rzzzzzzzzzzzz', []],
  ['share-password', '@s/saaaaaaaaaaaa#AAAA', []],
  ['share-open', '@s/scccccccccccc#AAAA', []],
  ['share-gone', '@s/sbbbbbbbbbbbb#AAAA', []],
  ['pre-board', 'kind=boardroom', ['!before']],
  ['pre-class', 'kind=classroom', ['!before']],
  ['pre-class-de', 'kind=classroom', ['!before'], 'de'],
];

/** What happens beside what is pressed. @type {Record<string, () => void>} */
const CALLS = {
  '!wait': () => {},
  '!denied': () => globalThis.demoMeeting.turnAway('denied'),
  '!asked': () => globalThis.demoMeeting.hear('requested', { what: 'microphone', by: [...globalThis.demoMeeting.people.values()][1] }),
  '!keys': () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true })),
  '!tools': () => /** @type {HTMLElement | null} */ (document.querySelector('[data-message=m5]'))?.focus(),
  '!reply': () => /** @type {HTMLElement | null} */ (document.querySelector('[data-message=m5] [aria-label="Antworten"]'))?.click(),
  '!private': () => {
    const select = /** @type {HTMLSelectElement} */ (document.querySelector('.recipient select'));
    select.selectedIndex = 1;
    select.dispatchEvent(new Event('change'));
  },
  '!poll': () => globalThis.demoMeeting.hearOp('poll9', 'poll', { question: 'Shall we go on after half past twelve?', choices: ['Yes', 'No'], counts: [0, 0], open: true, by: 'x', at: Date.now() }),
  '!picker': () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'r', bubbles: true })),
  '!reactions': () => void setInterval(() => globalThis.demoMeeting.hearReactions({ clap: 14, heart: 3 }, [[1, 'clap'], [2, 'heart'], [0, 'clap']]), 1_000),
};

const SECRET = 'A'.repeat(43);

/** @returns {Promise<{ url: string, stop: () => void }>} */
function serve() {
  const child = spawn(process.execPath, [path.join(HERE, 'server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise(resolve => child.stdout.once('data', data => resolve({ url: String(data).trim(), stop: () => child.kill() })));
}

/** @param {import('puppeteer-core').Page} page @param {string[]} press */
async function act(page, press) {
  if (press[0] === '!before')
    return;
  if (!new URL(page.url()).pathname.startsWith('/r/')) {
    await page.waitForNetworkIdle();
  } else {
    await page.waitForSelector('#name');
    await page.type('#name', 'Marta Lindqvist');
    await page.keyboard.press('Enter');
    await page.waitForSelector(press[0] === '!wait' ? '.waiting-card, .big-icon' : '.meeting');
  }
  for (const what of press) {
    if (what === '!stage') {
      await page.evaluate(() => { void globalThis.demoMeeting.hosting.setStage(globalThis.demoMeeting.self.id, true); });
      continue;
    }
    if (Object.hasOwn(CALLS, what)) {
      await page.evaluate(CALLS[what]);
      await new Promise(resolve => setTimeout(resolve, 200));
      continue;
    }
    if (what === '!wait') {
      await page.waitForNetworkIdle();
      continue;
    }
    if (what === '!disk') {
      await page.evaluate(() => globalThis.demoMeeting.hearRecording({ state: 'off', reason: 'disk' }));
      continue;
    }
    const selector = /^[a-z]+$/.test(what) ? `[data-control=${what}]` : what;
    await page.evaluate(wanted => /** @type {HTMLElement | null} */ (document.querySelector(wanted))?.click(), selector);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** @param {import('puppeteer-core').Page} page @param {string} where */
async function look(page, where) {
  const { found, wide } = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    return {
      found: serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.slice(0, 160)}`).join(' | ')}`),
      wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    };
  });
  for (const words of found)
    console.log(`${where}: ${words}`);
  if (wide)
    console.log(`${where}: scrolls sideways`);
}

mkdirSync(folder, { recursive: true });
const server = await serve();
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--mute-audio', '--force-prefers-reduced-motion'],
});
for (const [name, query, press = [], lang = 'en'] of STATES.filter(([name]) => name.includes(part))) {
  for (const [size, [width, height]] of Object.entries(SIZES).filter(([size]) => size.includes(wanted))) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.on('pageerror', error => console.log(`${name}: ${error}`));
    await page.setViewport({ width, height, deviceScaleFactor: 1, hasTouch: size === 'phone', isMobile: size === 'phone' });
    await page.goto(server.url);
    await page.evaluate(value => localStorage.setItem('conclave.lang', value), lang);
    if (query.startsWith('@')) {
      const login = new URL(query.slice(1), server.url).searchParams.get('as') ?? (query.includes('#wrong') ? '' : 'marta@example.org');
      await page.evaluate(body => fetch('/api/v1/session', { method: body.login ? 'POST' : 'DELETE', body: JSON.stringify(body) }), { login, password: 'correct horse' });
    }
    await page.goto(query.startsWith('@') ? `${server.url}${query.slice(1)}` : `${server.url}r/abcdefghijkm?${query}#${query.includes('host=1') ? `${SECRET}.${SECRET}` : SECRET}`);
    await act(page, press);
    await page.evaluate(AXE);
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await new Promise(resolve => setTimeout(resolve, 1_200));
      await look(page, `${name} ${size} ${theme}`);
      await page.screenshot({ path: path.join(folder, `${name}-${size}-${theme}.png`) });
    }
    await context.close();
  }
}
await browser.close();
server.stop();
