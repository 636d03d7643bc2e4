// The bar at the bottom: microphone, camera, screen · chat, people, more · leave. A phone keeps what is needed most and
// puts the rest behind "More". Draws and forwards; what happens is in call.js and the meeting page.

import { html, nothing } from 'lit-html';
import { t, tn } from '../core/i18n.js';
import { icon } from './icon.js';

/**
 * @typedef {object} BarState
 * @property {boolean} microphone
 * @property {boolean} camera
 * @property {boolean} screen
 * @property {boolean} canShare
 * @property {'chat' | 'people' | null} panel
 * @property {number} unread
 * @property {number} people
 *
 * @typedef {object} BarActions
 * @property {() => void} microphone
 * @property {() => void} camera
 * @property {() => void} screen
 * @property {() => void} chat
 * @property {() => void} people
 * @property {() => void} leave
 */

/** A click keeps the focus where it was, so that Space goes on to be push-to-talk. @param {Event} event */
const keepFocus = event => event.preventDefault();

/**
 * @param {{ name: string, label: string, glyph: string, key: string, act: () => void, kind?: string, pressed?: boolean, badge?: unknown,
 *   description?: string }} options
 */
function control({ name, label, glyph, key, act, kind = '', pressed, badge = nothing, description }) {
  return html`
    <button type="button" class="control ${kind}" data-control=${name} aria-keyshortcuts=${key || nothing} data-tip=${key ? `${label} (${key})` : label}
      aria-pressed=${pressed === undefined ? nothing : String(pressed)} aria-description=${description ?? nothing} @mousedown=${keepFocus} @click=${act}>
      ${icon(glyph)}<span class="control-label">${label}</span>${badge}
    </button>`;
}

/** @param {BarState} state @param {BarActions} actions @param {unknown} more the "More" button and its menu */
export const controlBar = (state, actions, more) => html`
  <section class="bar" aria-label=${t("Meeting controls")}>
    ${control({
      name: 'microphone', label: state.microphone ? t("Mute") : t("Unmute"), glyph: state.microphone ? 'mic' : 'mic-off', key: 'M',
      act: actions.microphone, kind: state.microphone ? '' : 'off',
    })}
    ${control({
      name: 'camera', label: state.camera ? t("Stop video") : t("Start video"), glyph: state.camera ? 'video' : 'video-off', key: 'V',
      act: actions.camera, kind: state.camera ? '' : 'off',
    })}
    ${state.canShare ? control({
      name: 'screen', label: state.screen ? t("Stop sharing") : t("Share screen"), glyph: 'monitor-up', key: 'D',
      act: actions.screen, kind: `roomy ${state.screen ? 'active' : ''}`,
    }) : nothing}
    <span class="bar-gap" role="presentation"></span>
    ${control({
      name: 'chat', label: t("Chat"), glyph: 'message-square', key: 'C', act: actions.chat, pressed: state.panel === 'chat',
      badge: state.unread > 0 ? html`<span class="unread" aria-hidden="true">${state.unread > 99 ? '99+' : state.unread}</span>` : nothing,
      description: state.unread > 0 ? tn("{n} unread message", "{n} unread messages", state.unread) : undefined,
    })}
    ${control({
      name: 'people', label: t("People"), glyph: 'users', key: '', act: actions.people, kind: 'roomy', pressed: state.panel === 'people',
      badge: html`<span class="count" aria-hidden="true">${state.people}</span>`,
      description: tn("{n} person", "{n} people", state.people),
    })}
    ${more}
    <span class="bar-gap" role="presentation"></span>
    ${control({ name: 'leave', label: t("Leave"), glyph: 'log-out', key: '', act: actions.leave, kind: 'leave' })}
  </section>`;
