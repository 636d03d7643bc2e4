// The meeting: puts stage, panels, bar and dialogs together, listens to the meeting and says what changed.
// Each part has its own file; what is here is which of them shows, and the words for what happens.

import { html, nothing } from 'lit-html';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { joinUrl } from '../core/link.js';
import { banners } from './banners.js';
import { Call } from './call.js';
import { ChatPanel } from './chat-panel.js';
import { controlBar } from './control-bar.js';
import { copyText } from './copy-button.js';
import { DevicePickers } from './device-pickers.js';
import { Dialogs, endDialog, leaveDialog, shortcutsDialog } from './dialogs.js';
import { encryptionBadge, encryptionDialog } from './encryption-badge.js';
import { icon } from './icon.js';
import { MoreMenu } from './more-menu.js';
import { notices } from './notices.js';
import { peoplePanel } from './people-panel.js';
import { settingsDialog } from './settings-dialog.js';
import { Shortcuts } from './shortcuts.js';
import { Stage } from './stage.js';
import { WakeLock } from './wake-lock.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */
/** @typedef {import('../core/meeting.js').ChatMessage} ChatMessage */

export class MeetingPage {
  #shell;
  #meeting;
  #devices;
  #onOver;
  /** @type {'chat' | 'people' | null} */ #panel = null;
  #unread = 0;
  #endedByMe = false;
  #update = () => this.#shell.update();
  #listeners = new AbortController();

  /** @param {{ shell: import('./shell.js').Shell, meeting: Meeting, devices: import('../core/devices.js').Devices, onOver: (how: { byMe: boolean }) => void }} options */
  constructor({ shell, meeting, devices, onOver }) {
    this.#shell = shell;
    this.#meeting = meeting;
    this.#devices = devices;
    this.#onOver = onOver;
    this.#call = new Call(meeting, devices);
    this.#stage = new Stage(meeting, devices, this.#update);
    this.#dialogs = new Dialogs(this.#update);
    this.#chat = new ChatPanel(meeting, () => this.#closePanel());
    this.#pickers = new DevicePickers(devices);
    this.#shortcuts = new Shortcuts(() => this.#keys(), () => this.#dialogs.isOpen);
    this.#listen();
  }

  #call;
  #stage;
  #dialogs;
  #chat;
  #pickers;
  #shortcuts;
  #more = new MoreMenu();
  #wakeLock = new WakeLock();

  get title() {
    const title = this.#meeting.room?.title ?? '';
    return this.#unread > 0 ? `(${this.#unread}) ${title}` : title;
  }

  dispose() {
    this.#listeners.abort();
    this.#call.dispose();
    this.#stage.dispose();
    this.#shortcuts.dispose();
    this.#wakeLock.dispose();
  }

  #listen() {
    const { signal } = this.#listeners;
    for (const type of ['person', 'speaking', 'history'])
      this.#meeting.addEventListener(type, this.#update, { signal });
    this.#devices.addEventListener('change', this.#update, { signal });
    this.#meeting.addEventListener('status', this.#onStatus, { signal });
    this.#meeting.addEventListener('people', this.#onPeople, { signal });
    this.#meeting.addEventListener('chat', this.#onChat, { signal });
    this.#meeting.addEventListener('error', event => {
      notices.toast(errorText(/** @type {CustomEvent} */ (event).detail.id), { bad: true });
    }, { signal });
  }

  template() {
    const meeting = this.#meeting;
    return html`
      <div class="meeting ${this.#panel ? 'with-panel' : ''}">
        <header class="meeting-head">
          ${encryptionBadge(meeting, () => this.#dialogs.open(() => encryptionDialog(meeting)))}
          <h1>${meeting.room?.title}</h1>
          <button type="button" class="button quiet view-switch" aria-keyshortcuts="W" aria-pressed=${String(this.#stage.view === 'speaker')}
            data-tip="${t("Speaker view")} (W)" aria-label=${t("Speaker view")} @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}
            @click=${() => this.#stage.toggleView()}>${icon(this.#stage.view === 'grid' ? 'layout-grid' : 'layout-panel-left')}</button>
        </header>
        <main class="meeting-main">
          ${banners({ meeting, stage: this.#stage, sharing: this.#call.screen, onStopSharing: () => this.#call.toggleScreen() })}
          ${this.#stage.template()}
          ${meeting.people.size === 1 ? this.#invitation() : nothing}
        </main>
        ${this.#panelTemplate()}
        ${this.#bar()}
        ${this.#dialogs.template()}
      </div>`;
  }

  updated() {
    this.#stage.arrange();
    this.#dialogs.updated();
    this.#chat.updated();
  }

  /** The others cannot come without the link. */
  #invitation() {
    return html`
      <div class="invitation">
        <p>${t("You are the only one here.")}</p>
        <button type="button" class="button primary" @click=${this.#copyLink}>${icon('link', 'small')}<span>${t("Copy the link for guests")}</span></button>
      </div>`;
  }

  #panelTemplate() {
    if (this.#panel === 'chat')
      return this.#chat.template();
    if (this.#panel === 'people')
      return peoplePanel({ meeting: this.#meeting, pinned: this.#stage.pinned, onPin: this.#stage.pin, onClose: () => this.#closePanel() });
    return nothing;
  }

  #bar() {
    const call = this.#call;
    return controlBar({
      microphone: call.microphone, camera: call.camera, screen: call.screen, canShare: call.canShare,
      panel: this.#panel, unread: this.#unread, people: this.#meeting.people.size,
    }, {
      microphone: () => call.setMicrophone(),
      camera: () => call.toggleCamera(),
      screen: () => call.toggleScreen(),
      chat: () => this.#togglePanel('chat'),
      people: () => this.#togglePanel('people'),
      leave: () => this.#leave(),
    }, this.#more.template(this.#menu()));
  }

  /** @returns {import('./more-menu.js').MenuItem[]} */
  #menu() {
    const call = this.#call;
    return [
      { label: call.screen ? t("Stop sharing") : t("Share screen"), glyph: 'monitor-up', act: () => call.toggleScreen(), kind: 'only-narrow', hidden: !call.canShare },
      { label: t("People"), glyph: 'users', act: () => this.#togglePanel('people'), kind: 'only-narrow' },
      { label: t("Copy the link for guests"), glyph: 'link', act: this.#copyLink },
      { label: t("Settings"), glyph: 'settings', act: () => this.#dialogs.open(() => settingsDialog(this.#pickers, this.#update)) },
      { label: t("Keyboard shortcuts"), glyph: 'keyboard', key: '?', act: () => this.#help() },
      { label: t("End for all"), glyph: 'x', act: () => this.#dialogs.open(() => endDialog({ onEnd: () => this.#end() })), kind: 'divided danger-text', hidden: !this.#meeting.self?.host },
    ];
  }

  /** @returns {import('./shortcuts.js').Shortcut[]} */
  #keys() {
    const call = this.#call;
    return [
      { key: 'm', label: 'M', words: t("Microphone on or off"), down: () => call.setMicrophone() },
      { key: 'v', label: 'V', words: t("Camera on or off"), down: () => call.toggleCamera() },
      { key: 'd', label: 'D', words: t("Share your screen, or stop"), down: () => call.toggleScreen() },
      { key: 'c', label: 'C', words: t("Open or close the chat"), down: () => this.#togglePanel('chat') },
      { key: 'w', label: 'W', words: t("Change between grid and speaker view"), down: () => this.#stage.toggleView() },
      { key: ' ', label: t("Space"), words: t("Hold to talk while your microphone is off"), down: () => call.startTalking(), up: () => call.stopTalking() },
      { key: '?', label: '?', words: t("Show these shortcuts"), down: () => this.#help() },
    ];
  }

  #help() {
    this.#dialogs.open(() => shortcutsDialog(this.#keys()));
  }

  #copyLink = () => copyText(joinUrl(this.#meeting.link, location.origin));

  /** @param {'chat' | 'people'} panel */
  #togglePanel(panel) {
    if (this.#panel === panel) {
      this.#closePanel();
      return;
    }
    this.#panel = panel;
    if (panel === 'chat') {
      this.#unread = 0;
      notices.clear();
    }
    this.#shell.update();
    queueMicrotask(() => {
      if (panel === 'chat')
        this.#chat.focus();
      else
        /** @type {HTMLElement | null} */ (document.querySelector('#panel-title'))?.focus();
    });
  }

  #closePanel() {
    const panel = this.#panel;
    this.#panel = null;
    this.#shell.update();
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-control="${panel}"]`))?.focus();
  }

  /** A host who is not alone is asked what shall become of the others. */
  #leave() {
    if (this.#meeting.self?.host && this.#meeting.people.size > 1)
      this.#dialogs.open(() => leaveDialog({ onLeave: () => this.#meeting.leave(), onEnd: () => this.#end() }));
    else
      this.#meeting.leave();
  }

  async #end() {
    this.#dialogs.close();
    this.#endedByMe = true;
    try {
      await this.#meeting.endForAll();
    } catch {
      this.#endedByMe = false;
      notices.toast(t("The meeting could not be ended. Try again."), { bad: true });
    }
  }

  #onStatus = () => {
    const { status } = this.#meeting;
    if (status === 'ended' || status === 'failed') {
      this.#onOver({ byMe: this.#endedByMe });
      return;
    }
    if (status === 'reconnecting')
      notices.say(t("Connection to the server lost. Reconnecting…"));
    else if (status === 'joined')
      notices.say(t("Connected again."));
    this.#shell.update();
  };

  /** @param {Event} event */
  #onPeople = event => {
    const { joined, left } = /** @type {CustomEvent<{ joined: Person[], left: Person[] }>} */ (event).detail;
    for (const { name, self } of joined) {
      if (!self)
        notices.toast(t("{name} has joined.", { name }));
    }
    for (const { name, self } of left) {
      if (!self)
        notices.toast(t("{name} has left.", { name }));
    }
    this.#shell.update();
  };

  /** @param {Event} event */
  #onChat = event => {
    const { message } = /** @type {CustomEvent<{ message: ChatMessage }>} */ (event).detail;
    if (!message.own && this.#panel !== 'chat') {
      this.#unread++;
      notices.toast(t("{name}: {text}", { name: message.name, text: shorten(message.text) }));
    }
    this.#shell.update();
  };
}

/** @param {string} text */
const shorten = text => (text.length > 90 ? `${text.slice(0, 88)}…` : text);
