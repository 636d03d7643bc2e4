// Where the page starts: theme, language, then the page of the address: `/`, `/r/ROOM`, `/recordings`, `/recordings/ID`, `/s/SHARE`,
// `/summary/MEETING`, `/sign-in`, `/account`, `/users`, `/admin` or `/encryption`. The only file that knows every page; it hands them the way from one to the next.

import { Account } from '../core/account.js';
import { Api } from '../core/api.js';
import { Devices } from '../core/devices.js';
import { branding } from '../core/branding.js';
import { errorIds, errorText } from '../core/errors.js';
import { i18n, t } from '../core/i18n.js';
import { KeptLinks } from '../core/kept-links.js';
import { restoreLink, takeLink } from '../core/link.js';
import { Meeting } from '../core/meeting.js';
import { errorId, Requests } from '../core/requests.js';
import { Summary, takeSecret } from '../core/summary.js';
import { AccountPage } from './account-page.js';
import { AdminPage } from './admin-page.js';
import { applyColours } from './brand.js';
import { Embedding } from './embedding.js';
import { EncryptionPage } from './encryption-page.js';
import { EndedPage } from './ended-page.js';
import { LibraryPage } from './library-page.js';
import { MeetingPage } from './meeting-page.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';
import { PreJoinPage } from './pre-join-page.js';
import { restoreTheme, tabStorage } from './preferences.js';
import { RecordingPage } from './recording-page.js';
import { SharePage } from './share-page.js';
import { Shell } from './shell.js';
import { SignInPage } from './sign-in-page.js';
import { StartPage } from './start-page.js';
import { problem, waiting } from './states.js';
import { SummaryPage } from './summary-page.js';
import { UsersPage } from './users-page.js';

/** @typedef {import('../core/link.js').Link} Link */
/** @typedef {import('../core/ticket.js').Ticket} Ticket */

const requests = new Requests();
/** Nobody waits longer for the looks of the first page, ms; they may still come later. */
const DRESSING_MS = 500;
/** Within another site's page. @type {Embedding | null} */
let embedding = null;

/** @param {Shell} shell @param {Link} link @param {{ name?: string, ticket?: Ticket | null }} [options] name: proposed */
function preJoin(shell, link, { name, ticket = null } = {}) {
  const usable = ticket?.spent && link.secret ? null : ticket; // the link does without
  const meeting = new Meeting({ link, ticket: usable, storage: tabStorage });
  const devices = new Devices();
  embedding?.follow(meeting);
  const page = new PreJoinPage({
    shell, meeting, devices, name, onJoined: () => inMeeting(shell, meeting, devices), onRefused: id => embedding?.failed(id),
  });
  if (embedding)
    embedding.onJoin = () => page.join();
  shell.show(page);
  return page;
}

/** @param {Shell} shell @param {Meeting} meeting @param {Devices} devices */
function inMeeting(shell, meeting, devices) {
  shell.show(new MeetingPage({ shell, meeting, devices, onOver: ({ byMe }) => over(shell, meeting, devices, byMe) }));
}

/** @param {Shell} shell @param {Meeting} meeting @param {Devices} devices @param {boolean} byMe */
function over(shell, meeting, devices, byMe) {
  devices.close();
  const onRejoin = () => preJoin(shell, meeting.link, { ticket: meeting.ticket });
  if (embedding)
    embedding.onJoin = () => onRejoin().join();
  shell.show(new EndedPage({ meeting, byMe, onRejoin }));
}

const RECORDINGS = /^\/recordings(?:\/([a-z0-9]+))?\/?$/;
const SHARE = /^\/s\/([a-z0-9]+)$/;
const SUMMARY = /^\/summary\/([a-z0-9]+)$/;

/** A secret leaves the address bar and the history at once. @returns {string} what stood behind the `#` */
function takeFragment() {
  const fragment = location.hash.slice(1);
  if (fragment)
    history.replaceState(null, '', location.pathname + location.search);
  return fragment;
}

/** Where a recording is to begin: `?t=SECONDS`. @param {string} search @returns {number} ms */
function startOf(search) {
  const seconds = Number(new URLSearchParams(search).get('t'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

/** Where recordings are managed: whoever is not signed in does so first. @param {Shell} shell @param {string | undefined} id of a recording */
async function recordings(shell, id) {
  const api = new Api();
  const account = new Account(requests);
  const signIn = (/** @type {string} */ error, /** @type {'account' | 'key'} */ way) => shell.show(new SignInPage({ shell, account, requests, heading: t("Recordings"), error, way, onSignedIn: show }));
  const onSignedOut = () => signIn('', 'account');
  const show = () => shell.show(id ? new RecordingPage({ shell, api, id, at: startOf(location.search), onSignedOut }) : new LibraryPage({ shell, api, onSignedOut }));
  const key = takeFragment();
  if (!key)
    return show();
  try {
    await account.signIn({ key });
    return show();
  } catch (error) {
    return signIn(errorId(error), 'key');
  }
}

/** Only a path of this server: never where somebody else's link wants one to be. @returns {string} where one goes after signing in */
function destination() {
  const wanted = new URLSearchParams(location.search).get('to') ?? '';
  return ['/account', '/users', '/admin', '/recordings'].includes(wanted) || SUMMARY.test(wanted) ? wanted : '/';
}

/** Why one is back from another server without being signed in, once: nothing else that an address says is shown. @returns {string} id of it, or '' */
function takeProblem() {
  const problem = new URLSearchParams(location.search).get('problem') ?? '';
  if (problem)
    history.replaceState(null, '', location.pathname + location.hash);
  return errorIds.includes(problem) ? problem : '';
}

/** @param {Shell} shell */
function signIn(shell) {
  const onSignedIn = () => location.replace(destination());
  shell.show(new SignInPage({ shell, account: new Account(requests), requests, code: takeFragment(), problem: takeProblem(), onSignedIn }));
}

/** A page for who is signed in. @param {Shell} shell @param {(account: Account, onSignedOut: () => void) => import('./shell.js').Page} make */
async function forAccount(shell, make) {
  const account = new Account(requests);
  const onSignedOut = () => location.replace(`/sign-in?to=${encodeURIComponent(location.pathname)}`);
  shell.show({ title: '', template: () => pageFrame(waiting(t("Looking up your account…"))) });
  await account.load();
  if (account.state === 'in')
    shell.show(make(account, onSignedOut));
  else if (account.state === 'out')
    onSignedOut();
  else
    shell.show({ title: '', template: () => pageFrame(problem({ heading: t("The server does not answer"), words: errorText(account.error) })) });
}

/** @type {Record<string, (shell: Shell) => unknown>} */
const PAGES = {
  '/sign-in': signIn,
  '/encryption': shell => shell.show(new EncryptionPage()),
  '/account': shell => forAccount(shell, (account, onSignedOut) => new AccountPage({ shell, account, onSignedOut })),
  '/admin': shell => forAccount(shell, (account, onSignedOut) => new AdminPage({ shell, account, requests, onSignedOut })),
  '/users': shell => forAccount(shell, (account, onSignedOut) => new UsersPage({ shell, account, requests, onSignedOut })),
};

/** @param {Shell} shell @param {string} id of the meeting */
function summary(shell, id) {
  const account = new Account(requests);
  const findLink = (/** @type {string} */ room) => restoreLink(room, tabStorage) ?? new KeptLinks().find(room, account.owner);
  shell.show(new SummaryPage({ shell, account, summary: new Summary({ requests, id, secret: takeSecret(id, takeFragment(), tabStorage), findLink }) }));
}

/** @param {Shell} shell */
function route(shell) {
  const recording = RECORDINGS.exec(location.pathname);
  const share = SHARE.exec(location.pathname);
  const meeting = SUMMARY.exec(location.pathname);
  if (recording)
    return void recordings(shell, recording[1]);
  if (share)
    return shell.show(new SharePage({ shell, api: new Api(), id: share[1], secret: takeFragment() }));
  if (meeting)
    return summary(shell, meeting[1]);
  const page = PAGES[location.pathname];
  return page ? void page(shell) : void meetingOrStart(shell);
}

/** @param {Shell} shell */
async function meetingOrStart(shell) {
  const link = takeLink(location, history, tabStorage);
  const greeting = await embedding?.greeting;
  if (link)
    preJoin(shell, link, { name: greeting?.name || undefined, ticket: greeting?.ticket });
  else
    shell.show(new StartPage({ shell, requests, account: new Account(requests) }));
}

/** The page is made at once, as secrets have to leave the address bar, and not seen before it looks as it is to look. */
async function dress() {
  const { classList } = document.documentElement;
  const show = () => classList.remove('dressing');
  classList.add('dressing');
  setTimeout(show, DRESSING_MS);
  branding.addEventListener('change', applyColours);
  await branding.load(requests);
  show();
}

async function main() {
  restoreTheme();
  embedding = Embedding.here(); // now: what loaded it speaks to it as soon as it has loaded
  notices.start();
  void dress();
  await i18n.load(new URL('../po/', import.meta.url));
  const shell = new Shell(/** @type {HTMLElement} */ (document.getElementById('app')));
  route(shell);
  // The same room's link opened once more in this tab changes only the fragment; its secret has to be taken out again.
  addEventListener('hashchange', () => location.reload());
}

main();
