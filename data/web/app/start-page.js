// The start: make a meeting, go to one by its link, and for who is signed in their rooms and what is planned in them. Puts the parts
// together and does what they are asked for; what is known comes from core/rooms.js and core/schedule.js.

import { html, nothing } from 'lit-html';
import { askAbout } from '../core/about.js';
import { calendarUrl, Schedule } from '../core/schedule.js';
import { fileName, withLink } from '../core/calendar.js';
import { errorText } from '../core/errors.js';
import { t } from '../core/i18n.js';
import { kindOf } from '../core/kinds.js';
import { KeptLinks } from '../core/kept-links.js';
import { keptUntil, privateCalendar, timesOf } from '../core/private-plan.js';
import { errorId } from '../core/requests.js';
import { Rooms } from '../core/rooms.js';
import { AccountBar } from './account-bar.js';
import { dialInFacts } from './dial-in.js';
import { Dialogs, dialogHead } from './dialogs.js';
import { icon } from './icon.js';
import { invitationText } from './invitation.js';
import { JoinByLink } from './join-by-link.js';
import { madeMeeting } from './made-meeting.js';
import { MeetingsDialog } from './meetings-dialog.js';
import { NewMeeting } from './new-meeting.js';
import { notices } from './notices.js';
import { pageFrame } from './page-frame.js';
import { AddLink, DeleteRoom, RoomSettings, invitationDialog } from './room-dialogs.js';
import { RoomList } from './room-list.js';
import { saveFile } from './save-file.js';
import { ScheduleDialog } from './schedule-dialog.js';
import { longDate } from './schedule-words.js';
import { waiting } from './states.js';
import { UpcomingList } from './upcoming-list.js';

/** @typedef {import('../core/rooms.js').Room} Room */
/** @typedef {import('../core/rooms.js').Made} Made */
/** @typedef {import('../core/rooms.js').Order} Order */
/** @typedef {import('../core/schedule.js').Occurrence} Occurrence */
/** @typedef {import('../core/schedule.js').ScheduledEvent} ScheduledEvent */

/** @param {() => unknown} onSave */
const calendarButton = onSave => html`<button type="button" class="button" @click=${onSave}>${icon('download', 'small')}<span>${t("File for calendars")}</span></button>`;

export class StartPage {
  #shell;
  #account;
  #requests;
  #rooms;
  #schedule;
  #bar;
  #dialogs;
  #join;
  #new;
  #roomList;
  #upcoming;
  /** @type {Made | null} */ #made = null;
  #anyone = true;
  #known = false;
  #callable = false;
  /** @type {(kind: string) => boolean} */ #available = () => true;

  /** @param {{ shell: import('./shell.js').Shell, account: import('../core/account.js').Account, requests: import('../core/requests.js').Requests }} options */
  constructor({ shell, account, requests }) {
    const update = () => shell.update();
    this.#shell = shell;
    this.#account = account;
    this.#requests = requests;
    this.#rooms = new Rooms({ requests, account, kept: new KeptLinks(), origin: location.origin });
    this.#schedule = new Schedule(requests);
    this.#bar = new AccountBar(account);
    this.#dialogs = new Dialogs(update);
    this.#join = new JoinByLink(update);
    this.#new = new NewMeeting({ mayRecord: () => account.isHost, mayCall: () => account.isHost && this.#callable, available: kind => this.#available(kind), onOrder: order => this.#make(order), update });
    this.#roomList = new RoomList({ rooms: this.#rooms, account, update, actions: {
      onInvite: room => this.#invite(room), onPlan: room => this.#plan(room), onSettings: room => this.#settings(room), onMeetings: room => this.#meetings(room), onAddLink: room => this.#addLink(room), onDelete: room => this.#delete(room),
    } });
    this.#upcoming = new UpcomingList({ schedule: this.#schedule, roomOf: id => this.#room(id), update, actions: {
      onInvite: one => void this.#inviteTo(one), onCalendar: one => void this.#saveCalendar(one), onChange: one => void this.#change(one), onCancel: one => this.#cancel(one),
    } });
    for (const source of [account, this.#rooms, this.#schedule])
      source.addEventListener('change', this.#onChange);
    void this.#load();
  }

  dispose() {
    for (const source of [this.#account, this.#rooms, this.#schedule])
      source.removeEventListener('change', this.#onChange);
    this.#rooms.dispose();
    this.#schedule.dispose();
  }

  get title() {
    return this.#made ? t("Your meeting is ready") : '';
  }

  updated() {
    this.#dialogs.updated();
  }

  #onChange = () => {
    if (this.#account.state === 'in' && this.#rooms.error === 'no-session')
      this.#account.signedOut();
    else
      this.#shell.update();
  };

  async #load() {
    const [about] = await Promise.all([askAbout(this.#requests), this.#account.state === 'in' ? null : this.#account.load()]);
    this.#anyone = about.anyoneMayCreate;
    this.#available = about.available;
    this.#callable = about.dialIn;
    this.#known = true;
    this.#shell.update();
    void this.#rooms.load();
    if (this.#account.isHost)
      void this.#schedule.load();
  }

  template() {
    const { state, isHost } = this.#account;
    if (!this.#known || state === 'unknown')
      return pageFrame(waiting(t("Looking for your rooms…")));
    const content = this.#made
      ? madeMeeting(this.#made, { onPlan: isHost || kindOf(this.#made.room.kind).peers ? () => this.#plan(/** @type {Made} */ (this.#made).room) : null, onBack: this.#onBack })
      : isHost ? this.#home() : this.#welcome();
    return pageFrame(html`${content}${this.#dialogs.template()}`, this.#made ? '' : isHost ? 'start' : '', this.#bar.template());
  }

  /** For who has no account, or none that makes rooms. */
  #welcome() {
    const { state, error, role } = this.#account;
    return html`
      <div class="stack intro">
        <h1>${t("Meetings that stay between you")}</h1>
        <p class="lead soft">${t("Talk, see each other and share a screen in the browser. Nothing to install, and no account to join.")}</p>
      </div>
      ${state === 'failed' ? html`<div class="note bad" role="alert">${icon('circle-alert')}<div class="note-body"><p>${errorText(error)}</p>
        <div class="row"><button type="button" class="button" @click=${() => this.#load()}>${t("Try again")}</button></div></div></div>` : nothing}
      ${this.#join.template()}
      ${role === 'producer' ? html`<div class="card row spread"><p>${t("You manage the recordings of this server.")}</p><a class="button primary" href="/recordings">${t("Recordings")}</a></div>` : nothing}
      ${this.#anyone ? this.#new.template() : state === 'in' ? nothing : html`
        <div class="card row spread"><div><h2>${t("New meeting")}</h2><p class="soft">${t("On this server, who has an account makes meetings.")}</p></div>
          <a class="button primary" href="/sign-in">${icon('log-in', 'small')}<span>${t("Sign in")}</span></a></div>`}
      ${this.#rooms.list.length > 0 ? html`<div class="card">${this.#roomList.template()}</div>` : nothing}`;
  }

  #home() {
    return html`
      <h1 class="start-greeting">${t("Hello, {name}", { name: this.#account.name })}</h1>
      ${this.#new.template()}
      <div class="start-columns">
        <div class="card">${this.#roomList.template()}</div>
        <div class="start-side">
          <div class="card">${this.#upcoming.template()}</div>
          ${this.#join.template()}
        </div>
      </div>`;
  }

  #onBack = () => {
    this.#made = null;
    this.#shell.redraw();
  };

  /** @param {string} id */
  #room(id) {
    return this.#rooms.list.find(room => room.id === id);
  }

  /** What was asked for, in a dialog: closes it, or says why not. @param {() => unknown} act @param {string} done */
  async #do(act, done) {
    try {
      await act();
    } catch (error) {
      return this.#sentence(error);
    }
    this.#dialogs.close();
    notices.toast(done);
    return '';
  }

  /** @param {unknown} error */
  #sentence(error) {
    const id = errorId(error);
    if (id === 'no-session')
      this.#account.signedOut();
    return errorText(id);
  }

  /** @param {Order} order @returns {Promise<string>} */
  async #make(order) {
    try {
      this.#made = await this.#rooms.create(order);
    } catch (error) {
      return errorId(error) === 'not-allowed' ? t("On this server, who has an account makes meetings. Sign in first.") : this.#sentence(error);
    }
    notices.say(t("Your meeting is ready"));
    this.#shell.redraw();
    return '';
  }

  /** @param {Room} room @param {ScheduledEvent | null} [event] @param {string} [date] */
  #invite({ title, joinUrl, dialIn }, event = null, date = undefined) {
    const text = invitationText({ title: event?.title ?? title, url: joinUrl ?? '', dialIn, event, date });
    this.#dialogs.open(() => invitationDialog(text, html`
      ${event ? calendarButton(() => this.#saveCalendar({ event: event.id, room: event.room, title: event.title })) : nothing}
      ${dialIn ? html`<div class="field by-phone"><h3 class="label">${t("By phone")}</h3>${dialInFacts(dialIn)}</div>` : nothing}`));
  }

  /** @param {Room} room */
  #meetings(room) {
    const dialog = new MeetingsDialog({ room, requests: this.#requests, update: () => this.#shell.update() });
    this.#dialogs.open(dialog.template);
  }

  /** @param {Room} room */
  #settings(room) {
    const settings = new RoomSettings(room, this.#callable, changes => this.#do(() => (Object.keys(changes).length > 0 ? this.#rooms.change(room.id, changes) : null), t("Saved.")), () => this.#shell.update());
    this.#dialogs.open(settings.template);
  }

  /** @param {Room} room */
  #addLink(room) {
    const adding = new AddLink(room, link => this.#do(() => this.#rooms.adopt(link), t("This browser has the link now.")), () => this.#shell.update());
    this.#dialogs.open(adding.template);
  }

  /** @param {Room} room */
  #delete(room) {
    const deleting = new DeleteRoom(room, () => this.#do(async () => {
      await (room.managed ? this.#rooms.remove(room.id) : this.#rooms.forget(room.id));
      if (this.#account.isHost)
        void this.#schedule.load();
    }, room.managed ? t("The room was deleted.") : t("The room was forgotten.")), () => this.#shell.update());
    this.#dialogs.open(deleting.template);
  }

  /** The server learns a day, and nobody else anything. @param {Room} room */
  #planPrivately(room) {
    const dialog = new ScheduleDialog({
      title: room.title, event: null, update: () => this.#shell.update(),
      note: t("The server learns until which day it keeps this room, and nothing else. The dates are in the invitation and in the file for calendars only: send them to those who come."),
      onSave: async order => {
        const times = timesOf(order, Date.now());
        if (times.length === 0)
          return t("This is more than a year ahead.");
        try {
          await this.#rooms.keep(room.id, keptUntil(times));
        } catch (error) {
          return this.#sentence(error);
        }
        notices.toast(t("It is planned."));
        this.#invitePrivately(room, order);
        return '';
      },
      onDelete: async () => '',
    });
    this.#dialogs.open(dialog.template);
  }

  /** @param {Room} room @param {import('../core/schedule.js').EventOrder} order */
  #invitePrivately({ id: room, joinUrl: url }, order) {
    const { title } = order;
    const text = invitationText({ title, url: url ?? '', event: { ...order, id: '', room, cancelled: [] } });
    const onSave = () => saveFile(new Blob([privateCalendar(order, url ?? '', invitationText({ title, url: url ?? '' }), Date.now())], { type: 'text/calendar' }), fileName(title));
    this.#dialogs.open(() => invitationDialog(text, calendarButton(onSave)));
  }

  /** @param {Room} room @param {ScheduledEvent | null} [event] */
  #plan(room, event = null) {
    if (kindOf(room.kind).peers) {
      this.#planPrivately(room);
      return;
    }
    const dialog = new ScheduleDialog({
      title: room.title, event, update: () => this.#shell.update(),
      onSave: async order => {
        try {
          const saved = event ? await this.#schedule.change(event.id, order) : await this.#schedule.add(room.id, order);
          notices.toast(t("It is planned."));
          this.#invite(room, saved);
          return '';
        } catch (error) {
          return this.#sentence(error);
        }
      },
      onDelete: () => this.#do(() => this.#schedule.remove(/** @type {ScheduledEvent} */ (event).id), t("It is not planned any more.")),
    });
    this.#dialogs.open(dialog.template);
  }

  /** The event that a date is of. @param {Occurrence} occurrence @param {(room: Room, event: ScheduledEvent) => void} act */
  async #withEvent({ room, event }, act) {
    try {
      const found = (await this.#schedule.ofRoom(room)).find(({ id }) => id === event);
      const where = this.#room(room);
      if (found && where)
        act(where, found);
      else
        void this.#schedule.load();
    } catch (error) {
      notices.toast(this.#sentence(error), { bad: true });
    }
  }

  /** @param {Occurrence} occurrence */
  #inviteTo = occurrence => this.#withEvent(occurrence, (room, event) => this.#invite(room, event, event.repeat ? undefined : occurrence.date));

  /** @param {Occurrence} occurrence */
  #change = occurrence => this.#withEvent(occurrence, (room, event) => this.#plan(room, event));

  /** @param {Occurrence} occurrence */
  #cancel({ event, title, date }) {
    let error = '';
    const onCancel = async () => {
      error = await this.#do(() => this.#schedule.cancel(event, date), t("It is cancelled on that day."));
      this.#shell.update();
    };
    this.#dialogs.open(() => html`
      ${dialogHead(t("Cancel it on this day?"))}
      <p class="wrap">${t("“{title}” is not on {date}. Its other days stay.", { title, date: longDate(date) })}</p>
      <p class="error" role="alert" ?hidden=${!error}>${error}</p>
      <div class="dialog-buttons"><button type="button" class="button" data-close autofocus>${t("Keep it")}</button>
        <button type="button" class="button danger" @click=${onCancel}>${t("Cancel this day")}</button></div>`);
  }

  /** The server makes the file; a link that it does not know is put in here. @param {{ event: string, room: string, title: string }} occurrence */
  async #saveCalendar({ event, room: id, title }) {
    const room = this.#room(id);
    if (room && kindOf(room.kind).server && room.joinUrl)
      return saveFile(calendarUrl(event), fileName(title));
    try {
      const ics = await this.#schedule.calendar(event);
      const url = room?.joinUrl;
      saveFile(new Blob([url ? withLink(ics, url, invitationText({ title, url })) : ics], { type: 'text/calendar' }), fileName(title));
      if (!url)
        notices.toast(t("The file has no link: it is not in this browser."));
    } catch (error) {
      notices.toast(this.#sentence(error), { bad: true });
    }
    return undefined;
  }
}
