// Where the page starts: theme, language, then the page of the address: `/` or `/r/ROOM`.
// The only file that knows every page; it hands them the way from one to the next.

import { Devices } from '../core/devices.js';
import { i18n } from '../core/i18n.js';
import { takeLink } from '../core/link.js';
import { Meeting } from '../core/meeting.js';
import { EndedPage } from './ended-page.js';
import { MeetingPage } from './meeting-page.js';
import { notices } from './notices.js';
import { PreJoinPage } from './pre-join-page.js';
import { restoreTheme } from './preferences.js';
import { Shell } from './shell.js';
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

/** @param {Shell} shell */
function route(shell) {
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
