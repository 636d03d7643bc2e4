// What is protected in a meeting and, at greater length, what is not: for anybody who wonders, before, during and after. It must claim nothing that
// docs/security.md does not show.

import { html } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { pageFrame } from './page-frame.js';

/** @type {readonly { heading: () => string, words: () => string }[]} */
const UNPROTECTED = [
  {
    heading: () => t("The page itself"),
    words: () => t("The program that encrypts comes from the server, each time you open the page. A server that wants to listen could send you another one, and nobody would see it on the page. Whoever worries about this can compare what the server serves with what was published, or use the page from a place that they trust."),
  },
  {
    heading: () => t("A link in the wrong hands"),
    words: () => t("Whoever has the link can come in. If they also control the server, they can sit unseen between you, unless you compare the code by voice. Send links only where others do not read, and make a new room when one has leaked."),
  },
  {
    heading: () => t("Who meets whom, and when"),
    words: () => t("The server sees from which addresses people come, when, for how long, and how much they send. In Standard rooms it also sees names and whatever is written. The others in a meeting between browsers can see the network address of your connection."),
  },
  {
    heading: () => t("What people keep"),
    words: () => t("Off the record nothing is left when the meeting is over, but what somebody saves: documents, and a copy of what was written. Before a copy is saved everybody reads who does so. Nothing on the page can tell you of a picture of the screen, or of a page that was changed."),
  },
  {
    heading: () => t("Devices and people"),
    words: () => t("Nothing helps against a device that somebody else controls, or against somebody in the meeting who records or repeats what they hear."),
  },
];

export class EncryptionPage {
  get title() {
    return t("What is protected, and what is not");
  }

  template() {
    return pageFrame(html`
      <article class="card stack words">
        <span class="big-icon">${icon('shield-check')}</span>
        <h1>${this.title}</h1>
        <section class="stack">
          <h2>${t("What is protected")}</h2>
          <p>${t("In Standard rooms and rooms off the record, sound, pictures and screens are encrypted in one browser and decrypted in the other. The key is in the link, behind the # sign, which browsers do not send to any server. The server cannot see or hear you, and cannot put itself between you without your noticing.")}</p>
          <p>${t("Boardrooms and Classrooms are different: the server handles what you send there, and may record it.")}</p>
        </section>
        <section class="stack">
          <h2>${t("What you see")}</h2>
          <dl class="facts">
            <dt>${t("link verified")}</dt>
            <dd>${t("Both browsers proved that they hold this meeting's link, and nobody on the way could take their place.")}</dd>
            <dt>${t("verified by voice")}</dt>
            <dd>${t("You have compared the code, seven words, with each other. Now not even somebody who has the link and runs the server can be between you. It helps only among people who know each other's voices.")}</dd>
            <dt>${t("They differ")}</dt>
            <dd>${t("If even one word is another one, press this. Your call ends, nothing more is sent from your device, and the others read that you said so. Then make a new room, and give each other its link on another way.")}</dd>
            <dt>${t("failed: the call has ended")}</dt>
            <dd>${t("Something did not fit. The page says what, and nothing is sent to that person any more.")}</dd>
          </dl>
        </section>
        <section class="stack">
          <h2>${t("What is not protected")}</h2>
          <dl class="facts">${UNPROTECTED.map(({ heading, words }) => html`<dt>${heading()}</dt><dd>${words()}</dd>`)}</dl>
        </section>
      </article>`);
  }
}

/** A way to this page that does not leave the meeting. */
export const encryptionHelp = () => html`<a href="/encryption" target="_blank" rel="noopener">${t("What is protected, and what is not")}</a>`;
