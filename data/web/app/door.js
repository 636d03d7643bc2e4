// Who comes in, for hosts: a notice above the stage while somebody knocks, or tries PINs by phone, the list of who waits on top of the
// people panel, and the switches of the lobby and the lock. The notice never takes the focus; where what had it goes away, the next one gets it.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { i18n, t, tn } from '../core/i18n.js';
import { callerName } from '../core/person.js';
import { chime } from './announcer.js';
import { avatar } from './avatar.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

const TICK_MS = 30_000;

/** @typedef {import('../core/floor.js').Knock} Knock */

/** @param {Knock} knock */
const nameOf = ({ name, phone }) => (phone ? callerName(name) : name || t("Somebody without a name"));

/** @param {number} since ms since 1970 */
function waitingFor(since) {
  const minutes = Math.floor((Date.now() - since) / 60_000);
  return minutes < 1 ? t("just now") : new Intl.NumberFormat(i18n.lang, { style: 'unit', unit: 'minute', unitDisplay: 'long' }).format(minutes);
}

export class Door {
  #meeting;
  #onShow;
  #update;
  #timer;
  /** Somebody tries PINs, and no host has put that aside. */ #alerted = false;

  /** @param {{ meeting: import('../core/meeting.js').Meeting, update: () => void, onShow: () => void, signal: AbortSignal }} options onShow: who waits is wanted in the panel */
  constructor({ meeting, update, onShow, signal }) {
    this.#meeting = meeting;
    this.#update = update;
    this.#onShow = onShow;
    meeting.addEventListener('knocks', event => this.#onKnocks(/** @type {CustomEvent} */ (event).detail.came), { signal });
    meeting.addEventListener('floor', update, { signal });
    meeting.addEventListener('alert', event => this.#onAlert(/** @type {CustomEvent} */ (event).detail.what), { signal });
    this.#timer = setInterval(() => this.#knocks.length > 0 && update(), TICK_MS);
    signal.addEventListener('abort', () => clearInterval(this.#timer));
  }

  get #knocks() {
    return this.#meeting.floor.knocks;
  }

  /** For everybody: nobody else can come. */
  mark() {
    return this.#meeting.floor.locked
      ? html`<span class="locked-mark" role="img" aria-label=${t("The meeting is locked")} data-tip=${t("The meeting is locked")}>${icon('lock', 'small')}</span>`
      : nothing;
  }

  /** Above the stage. @param {boolean} listed the panel shows who waits */
  notice(listed) {
    const knocks = this.#knocks;
    if (knocks.length === 0 || listed)
      return nothing;
    const [first] = knocks;
    return html`
      <section class="banner ask knock" aria-label=${t("Waiting to come in")}>
        ${icon(knocks.length === 1 && first.phone ? 'phone' : 'door-open')}
        <p>${knocks.length === 1 ? t("{name} is waiting to come in.", { name: nameOf(first) })
          : tn("{name} and {n} other person are waiting to come in.", "{name} and {n} other people are waiting to come in.", knocks.length - 1, { name: nameOf(first) })}
          ${knocks.length === 1 && first.mark ? html`<span class="small">${t("Somebody was removed from there before.")}</span>` : nothing}</p>
        <div class="row">
          ${knocks.length === 1 ? this.#answers(first) : html`
            <button type="button" class="button" @click=${this.#onShow}>${t("Show who")}</button>
            <button type="button" class="button primary" @click=${() => this.#act(() => this.#meeting.hosting.admit(null))}>${t("Admit all")}</button>`}
        </div>
      </section>`;
  }

  /** Above the stage, until a host has read it. */
  alert() {
    const { floor: { leads, locked, may }, hosting } = this.#meeting;
    return !this.#alerted || !leads ? nothing : html`
      <section class="banner warn pins" aria-label=${t("Wrong PINs")}>
        ${icon('phone')}
        <p>${t("Somebody is trying PINs of this meeting by phone.")}</p>
        <div class="row">
          ${may.has('lock') && !locked ? html`<button type="button" class="button" @click=${() => this.#settle(() => hosting.setLock(true))}>${t("Lock the meeting")}</button>` : nothing}
          <button type="button" class="button" @click=${() => this.#settle()}>${t("Close")}</button>
        </div>
      </section>`;
  }

  /** @param {string} what */
  #onAlert(what) {
    if (what !== 'pins' || this.#alerted)
      return;
    this.#alerted = true;
    notices.say(t("Somebody is trying PINs of this meeting by phone."));
    this.#update();
  }

  /** @param {() => Promise<boolean>} [action] */
  async #settle(action = async () => true) {
    if (!await action())
      return;
    this.#alerted = false;
    this.#update();
    /** @type {HTMLElement | null} */ (document.querySelector('[data-control="people"]'))?.focus();
  }

  /** On top of the people panel. */
  list() {
    const knocks = this.#knocks;
    return knocks.length === 0 ? nothing : html`
      <section class="people-part waiting" aria-labelledby="waiting-title">
        <div class="part-head">
          <h3 id="waiting-title">${tn("{n} person is waiting", "{n} people are waiting", knocks.length)}</h3>
          ${knocks.length > 1 ? html`<button type="button" class="button primary" @click=${() => this.#act(() => this.#meeting.hosting.admit(null))}>${t("Admit all")}</button>` : nothing}
        </div>
        <ul class="people">${repeat(knocks, ({ knock }) => knock, knock => this.#row(knock))}</ul>
      </section>`;
  }

  /** @param {Knock} knock */
  #row(knock) {
    const { knock: id, since, mark, phone } = knock;
    const name = nameOf(knock);
    return html`
      <li class="person">
        ${avatar({ id, name, phone }, 'small')}
        <div class="person-who">
          <p class="person-name">${name}</p>
          <p class="small soft">${[phone ? t("by phone") : '', mark ? t("Somebody was removed from there before.") : waitingFor(since)].filter(words => words).join(' · ')}</p>
        </div>
        <div class="answers">${this.#answers(knock)}</div>
      </li>`;
  }

  /** @param {Knock} asking */
  #answers(asking) {
    const { knock } = asking;
    const name = nameOf(asking);
    const { hosting } = this.#meeting;
    return html`
      <button type="button" class="button" aria-label=${t("Deny {name}", { name })} @click=${() => this.#act(() => hosting.deny(knock))}>${t("Deny")}</button>
      <button type="button" class="button primary" aria-label=${t("Admit {name}", { name })} @click=${() => this.#act(() => hosting.admit(knock))}>${t("Admit")}</button>`;
  }

  /** In the people panel, for those who may. */
  switches() {
    const { floor, hosting } = this.#meeting;
    const { may, lobby, locked } = floor;
    if (!may.has('lobby') && !may.has('lock'))
      return nothing;
    return html`
      <fieldset class="switches">
        <legend class="unseen">${t("Who comes in")}</legend>
        ${may.has('lobby') ? toggle(t("Ask before letting people in"), lobby, on => hosting.setLobby(on), locked) : nothing}
        ${may.has('lock') ? toggle(t("Lock: nobody else comes in"), locked, on => hosting.setLock(on)) : nothing}
      </fieldset>`;
  }

  /** What was pressed goes away with whom it was about; the keyboard goes on with the next one. @param {() => Promise<boolean>} action */
  async #act(action) {
    const inside = document.activeElement?.closest('.waiting') ? '.waiting .primary' : '.knock .primary';
    const here = Boolean(document.activeElement?.closest('.waiting, .knock'));
    await action();
    queueMicrotask(() => {
      if (!here || document.activeElement?.closest('.waiting, .knock'))
        return;
      const next = document.querySelector(inside) ?? document.querySelector('#panel-title') ?? document.querySelector('[data-control="people"]');
      /** @type {HTMLElement | null} */ (next)?.focus();
    });
  }

  /** @param {Knock[]} came */
  #onKnocks(came) {
    if (came.length === 1)
      notices.say(t("{name} is waiting to come in.", { name: nameOf(came[0]) }));
    else if (came.length > 1)
      notices.say(tn("{n} person is waiting to come in.", "{n} people are waiting to come in.", this.#knocks.length));
    if (came.length > 0 && document.hidden)
      chime();
    this.#update();
  }
}

/** @param {string} label @param {boolean} on @param {(on: boolean) => Promise<boolean>} set @param {boolean} [idle] it changes nothing just now */
function toggle(label, on, set, idle = false) {
  const onChange = async (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    if (!await set(input.checked))
      input.checked = on;
  };
  return html`
    <label class="switch ${idle ? 'soft' : ''}">
      <span>${label}</span>
      <input type="checkbox" role="switch" .checked=${on} @change=${onChange}>
    </label>`;
}
