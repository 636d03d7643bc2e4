// Where the page starts: theme, language, then the page of the address: `/`, `/r/ROOM`, `/recordings`, `/recordings/ID` or `/s/SHARE`.
// The only file that knows every page; it hands them the way from one to the next.

import { Api } from '../core/api.js';
import { Devices } from '../core/devices.js';
import { ConclaveError } from '../core/errors.js';
import { i18n } from '../core/i18n.js';
import { takeLink } from '../core/link.js';
import { Meeting } from '../core/meeting.js';
import { EndedPage } from './ended-page.js';
import { LibraryPage } from './library-page.js';
import { MeetingPage } from './meeting-page.js';
import { notices } from './notices.js';
import { PreJoinPage } from './pre-join-page.js';
import { restoreTheme } from './preferences.js';
import { RecordingPage } from './recording-page.js';
import { SharePage } from './share-page.js';
import { Shell } from './shell.js';
import { SignInPage } from './sign-in-page.js';
import { StartPage } from './start-page.js';

/** @typedef {import('../core/link.js').Link} Link */

/** @param {Shell} shell @param {Link} link */
function preJoin(shell, link) {
  const meeting = new Meeting({ link });
  const devices = new Devices();
  shell.show(new PreJoinPage({ shell, meeting, devices, onJoined: () => inMeeting(shell, meeting, devices) }));
}

/** @param {Shell} shell @param {Meeting} meeting @param {Devices} devices */
function inMeeting(shell, meeting, devices) {
  shell.show(new MeetingPage({ shell, meeting, devices, onOver: ({ byMe }) => over(shell, meeting, devices, byMe) }));
}

/** @param {Shell} shell @param {Meeting} meeting @param {Devices} devices @param {boolean} byMe */
function over(shell, meeting, devices, byMe) {
  devices.close();
  shell.show(new EndedPage({ meeting, byMe, onRejoin: () => preJoin(shell, meeting.link) }));
}

const RECORDINGS = /^\/recordings(?:\/([a-z0-9]+))?\/?$/;
const SHARE = /^\/s\/([a-z0-9]+)$/;

/** A secret leaves the address bar and the history at once. @returns {string} what stood behind the `#` */
function takeFragment() {
  const fragment = location.hash.slice(1);
  if (fragment)
    history.replaceState(null, '', location.pathname + location.search);
  return fragment;
}

/** Where recordings are managed: whoever is not signed in does so first. @param {Shell} shell @param {string | undefined} id of a recording */
async function recordings(shell, id) {
  const api = new Api();
  const onSignedOut = () => shell.show(new SignInPage({ shell, api, onSignedIn: show }));
  const show = () => shell.show(id ? new RecordingPage({ shell, api, id, onSignedOut }) : new LibraryPage({ shell, api, onSignedOut }));
  const key = takeFragment();
  if (!key)
    return show();
  try {
    await api.signIn(key);
    return show();
  } catch (error) {
    return shell.show(new SignInPage({ shell, api, error: error instanceof ConclaveError ? error.id : 'internal', onSignedIn: show }));
  }
}

/** @param {Shell} shell */
function route(shell) {
  const recording = RECORDINGS.exec(location.pathname);
  const share = SHARE.exec(location.pathname);
  if (recording)
    return void recordings(shell, recording[1]);
  if (share)
    return shell.show(new SharePage({ shell, api: new Api(), id: share[1], secret: takeFragment() }));
  return meetingOrStart(shell);
}

/** @param {Shell} shell */
function meetingOrStart(shell) {
  const link = takeLink(location, history, sessionStorage);
  if (link)
    preJoin(shell, link);
  else
    shell.show(new StartPage({ shell }));
}

async function main() {
  restoreTheme();
  notices.start();
  await i18n.load(new URL('../po/', import.meta.url));
  const shell = new Shell(/** @type {HTMLElement} */ (document.getElementById('app')));
  route(shell);
  // The same room's link opened once more in this tab changes only the fragment; its secret has to be taken out again.
  addEventListener('hashchange', () => location.reload());
}

main();
