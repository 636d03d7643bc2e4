// The meeting: puts stage, panels, bar and dialogs together and draws them when the meeting changes.
// Each part has its own file; what is here is which of them shows.

import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { Agenda } from '../core/agenda.js';
import { Conversation } from '../core/conversation.js';
import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { joinUrl } from '../core/link.js';
import { Minutes } from '../core/minutes.js';
import { AgendaStrip } from './agenda-strip.js';
import { AskedNotices } from './asked.js';
import { banners, watchEnd } from './banners.js';
import { brandInMeeting } from './brand.js';
import { Call } from './call.js';
import { Captions } from './captions.js';
import { excerpt } from './chat-message.js';
import { ChatPanel } from './chat-panel.js';
import { ConnectionPanel } from './connection-panel.js';
import { controlBar } from './control-bar.js';
import { copyText } from './copy-button.js';
import { CopySaver } from './copy-saver.js';
import { DevicePickers } from './device-pickers.js';
import { Dialogs, endDialog, leaveDialog, onStageDialog, shortcutsDialog } from './dialogs.js';
import { Differs } from './differs.js';
import { DocumentsPanel } from './documents-panel.js';
import { Door } from './door.js';
import { encryptionBadge, encryptionDialog } from './encryption-badge.js';
import { FileDrop } from './file-drop.js';
import { icon } from './icon.js';
import { LinkNotice } from './link-notice.js';
import { MoreMenu } from './more-menu.js';
import { News } from './news.js';
import { NotesPanel } from './notes-panel.js';
import { notices } from './notices.js';
import { PeoplePanel, watchers } from './people-panel.js';
import { PersonMenu } from './person-menu.js';
import { PollNotice } from './poll-notice.js';
import { QuestionsPanel } from './questions-panel.js';
import { Reactions } from './reacting.js';
import { Recorder } from './recorder.js';
import { settingsDialog } from './settings-dialog.js';
import { Shortcuts } from './shortcuts.js';
import { Sound } from './sound.js';
import { Stage } from './stage.js';
import { summaryDialog } from './summary-dialog.js';
import { WakeLock } from './wake-lock.js';

/** @typedef {import('../core/meeting.js').Meeting} Meeting */
/** @typedef {import('../core/person.js').Person} Person */
/** @typedef {'chat' | 'notes' | 'documents' | 'questions' | 'people' | 'connection'} PanelName */

export class MeetingPage {
  #shell;
  #meeting;
  #devices;
  #onOver;
  /** @type {PanelName | null} */ #panel = null;
  #unread = 0;
  /** In a panel, before it is drawn. @type {Element | null} */ #focused = null;
  #newQuestions = 0;
  #newDocuments = 0;
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
    this.#sound = new Sound(meeting, this.#stage.play);
    this.#personMenu = new PersonMenu({ meeting, stage: this.#stage, dialogs: this.#dialogs, update: this.#update, onWrite: id => this.#writeTo(id) });
    const { signal } = this.#listeners;
    this.#door = new Door({ meeting, update: this.#update, signal, onShow: () => this.#panel !== 'people' && this.#togglePanel('people') });
    this.#asked = new AskedNotices({ meeting, call: this.#call, update: this.#update, signal });
    this.#copies = new CopySaver({ meeting, dialogs: this.#dialogs, update: this.#update, signal, listens: () => this.#panel === 'chat' });
    this.#differs = new Differs({ meeting, dialogs: this.#dialogs, update: this.#update, signal });
    this.#link = new LinkNotice({ meeting, update: this.#update, signal });
    this.#reactions = new Reactions({ meeting, update: this.#update, signal });
    this.#stage.menu = this.#personMenu;
    this.#stage.reactions = this.#reactions;
    const onClose = () => this.#closePanel();
    const agenda = new Agenda(meeting.model, () => meeting.now);
    this.#conversation = new Conversation(meeting, signal);
    this.#chat = new ChatPanel({ meeting, conversation: this.#conversation, update: this.#update, onClose });
    this.#notes = new NotesPanel({ meeting, agenda, minutes: new Minutes(meeting.model), update: this.#update, onClose });
    this.#documents = new DocumentsPanel({ meeting, update: this.#update, signal, onClose });
    this.#drop = new FileDrop({
      allowed: () => this.#documents.mayShare && !this.#dialogs.isOpen, pasted: () => this.#panel === 'documents', onFiles: files => this.#shareFiles(files), update: this.#update, signal,
    });
    this.#strip = new AgendaStrip({ agenda, signal, onOpen: () => this.#openNotes('agenda') });
    this.#polls = new PollNotice({ meeting, update: this.#update, signal, onShow: () => this.#openNotes('polls') });
    this.#captions = new Captions({ meeting, update: this.#update, signal });
    this.#questions = new QuestionsPanel(meeting, onClose);
    this.#people = new PeoplePanel({ meeting, stage: this.#stage, menu: this.#personMenu, door: this.#door, update: this.#update, onClose });
    this.#connection = new ConnectionPanel(meeting, this.#update, onClose);
    this.#pickers = new DevicePickers(devices);
    this.#shortcuts = new Shortcuts(() => this.#keys(), () => this.#dialogs.isOpen);
    this.#recorder = new Recorder({ meeting, call: this.#call, dialogs: this.#dialogs, update: this.#update, signal });
    this.#listen();
  }

  #call;
  #stage;
  #sound;
  #personMenu;
  #dialogs;
  #differs;
  #chat;
  #conversation;
  #copies;
  #notes;
  #documents;
  #drop;
  #strip;
  #polls;
  #captions;
  #questions;
  #people;
  #connection;
  #pickers;
  #shortcuts;
  #recorder;
  #door;
  #asked;
  #link;
  #reactions;
  #more = new MoreMenu();
  #wakeLock = new WakeLock();

  get title() {
    const title = this.#meeting.room?.title ?? '';
    const waiting = this.#meeting.floor.knocks.length;
    if (waiting > 0)
      return t("{n} waiting: {title}", { n: waiting, title });
    return this.#unread > 0 ? `(${this.#unread}) ${title}` : title;
  }

  dispose() {
    this.#listeners.abort();
    notices.clear(); // what it told in passing is over
    this.#call.dispose();
    this.#stage.dispose();
    this.#shortcuts.dispose();
    this.#wakeLock.dispose();
  }

  #listen() {
    const { signal } = this.#listeners;
    for (const type of ['person', 'people', 'speaking', 'history', 'viewers', 'spotlight', 'hand', 'role', 'waiting', 'verification'])
      this.#meeting.addEventListener(type, this.#update, { signal });
    this.#devices.addEventListener('change', this.#update, { signal });
    this.#meeting.addEventListener('status', this.#onStatus, { signal });
    this.#meeting.addEventListener('votes', this.#update, { signal });
    this.#meeting.model.addEventListener('change', this.#onShared, { signal });
    this.#meeting.documents.addEventListener('change', this.#update, { signal });
    this.#conversation.addEventListener('change', this.#update, { signal });
    this.#conversation.addEventListener('said', this.#onSaid, { signal });
    this.#meeting.addEventListener('media', this.#onMedia, { signal });
    this.#meeting.addEventListener('stage', this.#onStage, { signal });
    this.#meeting.addEventListener('stopped', event => this.#call.stopped(/** @type {CustomEvent} */ (event).detail.what), { signal });
    this.#meeting.addEventListener('questions', this.#onQuestions, { signal });
    new News(this.#meeting, signal);
    const { self } = this.#meeting;
    if (this.#kind.stage && self?.stage && !this.#meeting.floor.leads)
      queueMicrotask(() => this.#dialogs.open(this.#stageDialog)); // reloaded there
  }

  /** What this kind of room has. */
  get #kind() {
    return kindOf(this.#meeting.room?.kind);
  }

  template() {
    const meeting = this.#meeting;
    this.#focused = document.activeElement?.closest('.panel') ? document.activeElement : null;
    return html`
      <div class="meeting ${this.#panel ? 'with-panel' : ''}" data-role=${meeting.role} data-media=${meeting.media ?? nothing}>
        <header class="meeting-head">
          <div class="meeting-marks">
            ${this.#recorder.template()}
            ${encryptionBadge(meeting, () => this.#dialogs.open(this.#encryptionDialog))}
            ${this.#door.mark()}
          </div>
          <h1>${meeting.room?.title}</h1>
          <div class="meeting-tools">
            ${brandInMeeting()}
            ${this.#kind.stage ? this.#watching() : nothing}
            ${this.#captions.button()}
            <button type="button" class="button quiet view-switch" aria-keyshortcuts="W" aria-pressed=${String(this.#stage.view === 'speaker')}
              data-tip="${t("Speaker view")} (W)" aria-label=${t("Speaker view")} @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}
              @click=${() => this.#stage.toggleView()}>${icon(this.#stage.view === 'grid' ? 'layout-grid' : 'layout-panel-left')}</button>
          </div>
        </header>
        <main class="meeting-main">
          <div class="banners" ${ref(watchEnd)}>
            ${banners({
              meeting, silenced: this.#stage.silenced, onEnableSound: this.#onEnableSound, sharing: this.#call.screen, onStopSharing: () => this.#call.toggleScreen(),
            })}
            ${this.#recorder.banners()}
            ${this.#differs.template()}
            ${this.#link.template()}
            ${this.#copies.template()}
            ${this.#door.alert()}
            ${this.#door.notice(this.#panel === 'people')}
            ${this.#asked.template()}
            ${this.#polls.template(this.#panel === 'notes' && this.#notes.tab === 'polls')}
          </div>
          <div class="stage-column">
            ${this.#strip.template()}
            ${this.#stage.template()}
            ${this.#captions.lines()}
            ${this.#captions.field()}
            ${meeting.people.size === 1 && meeting.viewers === 0 && this.#call.sends ? this.#invitation() : nothing}
          </div>
        </main>
        ${this.#panelTemplate()}
        ${this.#bar()}
        ${this.#personMenu.template()}
        ${this.#may('react') ? this.#reactions.picker() : nothing}
        ${this.#sound.template()}
        ${this.#dialogs.template()}
        ${this.#drop.template()}
      </div>`;
  }

  updated() {
    this.#stage.arrange();
    this.#dialogs.updated();
    this.#chat.updated();
    this.#keepFocus();
    this.#notes.updated();
  }

  /** What had the focus in a panel may be gone, because one may not use it any more or somebody has removed it: then its heading has it. */
  #keepFocus() {
    if (this.#focused && !this.#focused.isConnected && document.activeElement === document.body)
      document.getElementById('panel-title')?.focus();
    this.#focused = null;
  }

  #watching() {
    const { viewers } = this.#meeting;
    const words = watchers(viewers);
    return html`<span class="watching" role="img" aria-label=${words} data-tip=${words}>${icon('eye', 'small')}<span>${viewers}</span></span>`;
  }

  /** The others cannot come without the link, or what to dial; who came with a ticket does not know the link. */
  #invitation() {
    const { link, floor } = this.#meeting;
    return html`
      <div class="invitation">
        <p>${t("You are the only one here.")}</p>
        ${link.secret ? html`
          <button type="button" class="button primary" @click=${this.#copyLink}>${icon('link', 'small')}<span>${t("Copy the link for guests")}</span></button>` : nothing}
        ${floor.dialIn ? html`
          <button type="button" class="button" @click=${() => this.#togglePanel('people')}>${icon('phone', 'small')}<span>${t("By phone")}</span></button>` : nothing}
      </div>`;
  }

  #panelTemplate() {
    switch (this.#panel) {
      case 'chat': return this.#chat.template();
      case 'notes': return this.#notes.template();
      case 'documents': return this.#documents.template();
      case 'questions': return this.#questions.template();
      case 'people': return this.#people.template();
      case 'connection': return this.#connection.template();
      default: return nothing;
    }
  }

  #bar() {
    const call = this.#call;
    const { questions } = this.#kind;
    return controlBar({
      sends: call.sends, silenced: call.silenced, microphone: call.microphone, camera: call.camera, screen: call.screen, canShare: call.canShare,
      hand: this.#may('hand') ? call.hand : null, reactions: this.#may('react'), panel: this.#panel, chat: this.#hasChat, unread: this.#unread, notes: this.#hasNotes ? this.#polls.count : null,
      documents: this.#meeting.documents.available ? this.#newDocuments : null, questions: questions ? this.#newQuestions : null,
      people: this.#onStagePeople(), waiting: this.#meeting.floor.knocks.length,
    }, {
      microphone: () => call.setMicrophone(),
      camera: () => call.toggleCamera(),
      screen: () => call.toggleScreen(),
      hand: () => call.toggleHand(),
      reactions: event => this.#reactions.pick(/** @type {HTMLElement} */ (event.currentTarget)),
      chat: () => this.#togglePanel('chat'),
      notes: () => this.#togglePanel('notes'),
      documents: () => this.#togglePanel('documents'),
      questions: () => this.#togglePanel('questions'),
      people: () => this.#togglePanel('people'),
      leave: () => this.#leave(),
    }, this.#more.template(this.#menu()));
  }

  /** Where nothing is shared over the server nobody can write. */
  get #hasChat() {
    return this.#meeting.model.mayCreate('message') || this.#meeting.floor.may.has('whisper') || this.#conversation.entries.length > 0;
  }

  /** Who only watches may read them, and vote. */
  get #hasNotes() {
    return this.#meeting.floor.may.has('change');
  }

  /** Where many watch, the number that says something is that of those on stage. */
  #onStagePeople() {
    return [...this.#meeting.people.values()].filter(({ stage }) => stage).length;
  }

  /** @returns {import('./more-menu.js').MenuItem[]} */
  #menu() {
    const call = this.#call;
    const { questions } = this.#kind;
    return [
      { label: call.screen ? t("Stop sharing") : t("Share screen"), glyph: 'monitor-up', act: () => call.toggleScreen(), kind: 'only-narrow', hidden: !call.canShare || !call.sends || call.silenced },
      { label: t("Agenda, minutes, polls"), glyph: 'notebook-pen', key: 'A', act: () => this.#togglePanel('notes'), kind: 'only-narrow', hidden: !this.#hasNotes },
      { label: t("Documents"), glyph: 'file-text', key: 'F', act: () => this.#togglePanel('documents'), kind: 'only-narrow', hidden: !this.#meeting.documents.available },
      { label: t("Questions"), glyph: 'message-circle-question-mark', act: () => this.#togglePanel('questions'), kind: 'only-narrow', hidden: !questions || !call.sends },
      { label: t("People"), glyph: 'users', act: () => this.#togglePanel('people'), kind: 'only-narrow' },
      { label: t("React"), glyph: 'smile-plus', key: 'R', act: () => this.#react(), kind: 'only-narrow', hidden: !this.#may('react') },
      {
        label: this.#captions.on ? t("Hide captions") : t("Show captions"), glyph: 'captions', key: 'S', act: this.#captions.toggle,
        hidden: !this.#captions.exist && !this.#captions.on,
      },
      { label: t("Write captions"), glyph: 'pencil', act: () => this.#captions.write(true), hidden: !this.#captions.mayWrite || this.#captions.writing },
      { label: t("Copy the link for guests"), glyph: 'link', act: this.#copyLink, hidden: !this.#meeting.link.secret },
      { label: t("Mute everyone else"), glyph: 'mic-off', act: () => this.#meeting.hosting.muteAll(), hidden: !this.#may('mute-all') },
      { label: t("Connections"), glyph: 'activity', act: () => this.#togglePanel('connection'), hidden: !this.#may('watch-stats') || this.#meeting.media === null },
      { label: t("Change your name"), glyph: 'pencil', act: () => this.#rename(), hidden: !this.#may('rename') },
      {
        label: t("Summary"), glyph: 'file-text', hidden: !this.#meeting.model.mayCreate('settings'),
        act: () => this.#dialogs.open(this.#summaryDialog),
      },
      { label: t("Save a copy"), glyph: 'download', act: this.#copies.open, hidden: !this.#copies.may },
      { label: t("Settings"), glyph: 'settings', act: () => this.#dialogs.open(() => settingsDialog(this.#pickers, this.#update)) },
      { label: t("Keyboard shortcuts"), glyph: 'keyboard', key: '?', act: () => this.#help() },
      { label: t("End for all"), glyph: 'x', act: () => this.#dialogs.open(() => endDialog({ onEnd: () => this.#end() })), kind: 'divided danger-text', hidden: !this.#may('end') },
    ];
  }

  /** @returns {import('./shortcuts.js').Shortcut[]} */
  #keys() {
    const call = this.#call;
    const { questions } = this.#kind;
    return [
      ...call.sends ? [
        { key: 'm', label: 'M', words: t("Microphone on or off"), down: () => call.setMicrophone() },
        { key: 'v', label: 'V', words: t("Camera on or off"), down: () => call.toggleCamera() },
        { key: 'd', label: 'D', words: t("Share your screen, or stop"), down: () => call.toggleScreen() },
      ] : [],
      ...this.#may('hand') ? [{ key: 'h', label: 'H', words: t("Raise or lower your hand"), down: () => call.toggleHand() }] : [],
      ...this.#may('react') ? [{ key: 'r', label: 'R', words: t("Show a reaction; then 1 to 6"), down: () => this.#react() }] : [],
      ...this.#hasChat ? [{ key: 'c', label: 'C', words: t("Open or close the chat"), down: () => this.#togglePanel('chat') }] : [],
      ...this.#hasNotes ? [{ key: 'a', label: 'A', words: t("Open or close agenda, minutes and polls"), down: () => this.#togglePanel('notes') }] : [],
      ...this.#meeting.documents.available ? [{ key: 'f', label: 'F', words: t("Open or close the documents"), down: () => this.#togglePanel('documents') }] : [],
      ...this.#captions.exist || this.#captions.on ? [{ key: 's', label: 'S', words: t("Show or hide captions"), down: this.#captions.toggle }] : [],
      ...questions ? [{ key: 'q', label: 'Q', words: t("Open or close the questions"), down: () => this.#togglePanel('questions') }] : [],
      { key: 'p', label: 'P', words: t("Open or close the list of people"), down: () => this.#togglePanel('people') },
      { key: 'n', label: 'N', words: t("Go to what you are asked: who is waiting, or to turn something on"), down: () => this.#toNotice() },
      { key: 'w', label: 'W', words: t("Change between grid and speaker view"), down: () => this.#stage.toggleView() },
      ...call.sends ? [
        { key: ' ', label: t("Space"), words: t("Hold to talk while your microphone is off"), down: () => call.startTalking(), up: () => call.stopTalking() },
      ] : [],
      { key: '?', label: '?', words: t("Show these shortcuts"), down: () => this.#help() },
    ];
  }

  /** @param {import('../core/connection.js').RequestType} type */
  #may(type) {
    return this.#meeting.floor.may.has(type);
  }

  /** Beside its button, or on a phone beside that of the menu. */
  #react() {
    const button = /** @type {HTMLElement | null} */ (document.querySelector('[data-control="reactions"]'));
    this.#reactions.pick(button?.checkVisibility() ? button : document.querySelector('[popovertarget="more-menu"]'));
  }

  #encryptionDialog = () => encryptionDialog(this.#meeting, () => this.#differs.ask({ onBack: () => this.#dialogs.open(this.#encryptionDialog) }));

  #summaryDialog = () => summaryDialog(this.#meeting.model, this.#update);

  #rename() {
    const { self } = this.#meeting;
    if (self)
      this.#personMenu.rename(self);
  }

  /** The notice came without taking the focus. */
  #toNotice() {
    /** @type {HTMLElement | null} */ (document.querySelector('.ask .primary, .waiting .primary'))?.focus();
  }

  #help() {
    this.#dialogs.open(() => shortcutsDialog(this.#keys()));
  }

  #copyLink = () => copyText(joinUrl(this.#meeting.link, location.origin));

  /** @param {import('./notes-panel.js').TabName} tab */
  #openNotes(tab) {
    this.#notes.show(tab);
    if (this.#panel !== 'notes')
      this.#togglePanel('notes');
  }

  /** @param {string} id of a person */
  #writeTo(id) {
    this.#chat.writeTo(id);
    if (this.#panel !== 'chat')
      this.#togglePanel('chat');
    else
      this.#chat.focus();
  }

  /** @param {PanelName} panel */
  #togglePanel(panel) {
    if (this.#panel === panel) {
      this.#closePanel();
      return;
    }
    this.#showPanel(panel);
    this.#shell.update();
    queueMicrotask(() => {
      if (panel === 'chat')
        this.#chat.focus();
      else
        /** @type {HTMLElement | null} */ (document.querySelector('#panel-title'))?.focus();
    });
  }

  /** @param {PanelName | null} panel */
  #showPanel(panel) {
    if (this.#panel === 'connection')
      this.#connection.close();
    this.#panel = panel;
    if (panel === 'connection')
      this.#connection.open();
    if (panel === 'questions')
      this.#newQuestions = 0;
    if (panel === 'documents')
      this.#newDocuments = 0;
    if (panel === 'chat') {
      this.#unread = 0;
      notices.clear();
    }
  }

  #closePanel() {
    const panel = this.#panel;
    this.#showPanel(null);
    this.#shell.update();
    const opener = document.querySelector(`[data-control="${panel}"]`) ?? document.querySelector('[popovertarget="more-menu"]');
    /** @type {HTMLElement | null} */ (opener)?.focus();
  }

  /** A host who is not alone is asked what shall become of the others. */
  #leave() {
    if (this.#may('end') && this.#meeting.people.size > 1)
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

  #onEnableSound = () => {
    this.#stage.enableSound();
    this.#sound.resume();
  };

  #onStatus = () => {
    const { status } = this.#meeting;
    if (status === 'ended' || status === 'failed')
      this.#onOver({ byMe: this.#endedByMe });
    else
      this.#shell.update();
  };

  #onMedia = () => {
    if (this.#meeting.media === 'connected')
      queueMicrotask(() => this.#sound.resume());
    this.#shell.update();
  };

  /** Nobody is put before a microphone by somebody else: who comes on stage is asked. @param {Event} event */
  #onStage = event => {
    const { person } = /** @type {CustomEvent<{ person: Person }>} */ (event).detail;
    this.#shell.update();
    if (!person.self)
      return;
    if (!person.stage) {
      this.#recorder.forget();
      this.#dialogs.withdraw(this.#stageDialog);
      this.#call.stopAll();
      return;
    }
    notices.say(t("You are on stage now"));
    this.#recorder.afterAnswer(() => {
      if (this.#meeting.self?.stage && !this.#call.silenced)
        this.#dialogs.open(this.#stageDialog);
    });
  };

  #stageDialog = () => {
    const start = (/** @type {boolean} */ camera) => {
      this.#dialogs.close();
      void this.#call.setMicrophone(true);
      if (camera)
        void this.#call.toggleCamera();
    };
    return onStageDialog({ onMicrophone: () => start(false), onBoth: () => start(true) });
  };

  /** @param {Event} event */
  #onQuestions = event => {
    const { isNew, question } = /** @type {CustomEvent} */ (event).detail;
    if (isNew && this.#panel !== 'questions' && question?.from !== this.#meeting.self?.id)
      this.#newQuestions++;
    this.#shell.update();
  };

  /** @param {File[]} files */
  #shareFiles(files) {
    this.#documents.share(files);
    if (this.#panel !== 'documents')
      this.#togglePanel('documents');
  }

  /** @param {Event} event */
  #onShared = event => {
    const { fresh } = /** @type {CustomEvent<{ fresh: string[] }>} */ (event).detail;
    for (const { fields: { sender, name } } of this.#meeting.documents.list.filter(({ id }) => fresh.includes(id))) {
      if (this.#panel === 'documents') {
        notices.say(t("{name} has shared {file}", { name: sender, file: name }));
      } else {
        this.#newDocuments++;
        notices.toast(t("{name} has shared {file}", { name: sender, file: name }));
      }
    }
    if (!this.#meeting.model.mayCreate('settings'))
      this.#dialogs.withdraw(this.#summaryDialog);
    this.#shell.update();
  };

  /** @param {Event} event */
  #onSaid = event => {
    const { entry } = /** @type {CustomEvent<{ entry: import('../core/conversation.js').Entry }>} */ (event).detail;
    if (this.#panel !== 'chat') {
      this.#unread++;
      const words = { name: entry.name, text: excerpt(entry.text) };
      notices.toast(entry.secret ? t("{name}, only to you: {text}", words) : t("{name}: {text}", words));
    }
    this.#shell.update();
  };
}
