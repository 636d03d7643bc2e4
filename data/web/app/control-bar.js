// The bar at the bottom: microphone, camera, screen, hand, reactions · chat, notes, documents, questions, people, more · leave. Who only watches has a hand and
// nothing to send. A phone keeps what is needed most and puts the rest behind "More". Draws and forwards; what happens is in
// call.js and the meeting page.

import { html, nothing } from 'lit-html';
import { t, tn } from '../core/i18n.js';
import { icon } from './icon.js';

/**
 * @typedef {object} BarState
 * @property {boolean} sends may send
 * @property {boolean} silenced may not just now, because they are not recorded
 * @property {boolean} microphone
 * @property {boolean} camera
 * @property {boolean} screen
 * @property {boolean} canShare
 * @property {boolean | null} hand up; null where none can be raised
 * @property {boolean} reactions
 * @property {import('./meeting-page.js').PanelName | null} panel
 * @property {boolean} chat there is one
 * @property {number} unread
 * @property {number | null} notes polls that wait for a vote; null where there are no notes
 * @property {number | null} documents that are new; null where none can be shared
 * @property {number | null} questions that are new; null where none can be asked
 * @property {number} people
 * @property {number} waiting who knocks, for hosts
 *
 * @typedef {object} BarActions
 * @property {() => void} microphone
 * @property {() => void} camera
 * @property {() => void} screen
 * @property {() => void} hand
 * @property {(event: Event) => void} reactions
 * @property {() => void} chat
 * @property {() => void} notes
 * @property {() => void} documents
 * @property {() => void} questions
 * @property {() => void} people
 * @property {() => void} leave
 */

/** A click keeps the focus where it was, so that Space goes on to be push-to-talk. @param {Event} event */
const keepFocus = event => event.preventDefault();

/**
 * @param {{ name: string, label: string, glyph: string, key: string, act: (event: Event) => void, kind?: string, pressed?: boolean, badge?: unknown,
 *   description?: string, barred?: boolean }} options
 */
function control({ name, label, glyph, key, act, kind = '', pressed, badge = nothing, description, barred = false }) {
  return html`
    <button type="button" class="control ${kind}" data-control=${name} aria-keyshortcuts=${key || nothing} data-tip=${key ? `${label} (${key})` : label}
      aria-pressed=${pressed === undefined ? nothing : String(pressed)} aria-description=${description ?? nothing}
      aria-disabled=${barred ? 'true' : nothing} @mousedown=${keepFocus} @click=${act}>
      ${icon(glyph)}<span class="control-label">${label}</span>${badge}
    </button>`;
}

/** @param {number} n */
const unreadBadge = n => (n > 0 ? html`<span class="unread" aria-hidden="true">${n > 99 ? '99+' : n}</span>` : nothing);

/** Why these do nothing; a press says it, too. @param {BarState} state */
const barring = ({ silenced }) => (silenced ? { barred: true, description: t("Off, because you are not recorded") } : {});

/** Microphone, camera, screen. @param {BarState} state @param {BarActions} actions */
const sending = (state, actions) => html`
  ${control({
    ...barring(state), name: 'microphone', label: state.microphone ? t("Mute") : t("Unmute"), glyph: state.microphone ? 'mic' : 'mic-off', key: 'M',
    act: actions.microphone, kind: state.microphone ? '' : 'off',
  })}
  ${control({
    ...barring(state), name: 'camera', label: state.camera ? t("Stop video") : t("Start video"), glyph: state.camera ? 'video' : 'video-off', key: 'V',
    act: actions.camera, kind: state.camera ? '' : 'off',
  })}
  ${state.canShare ? control({
    ...barring(state), name: 'screen', label: state.screen ? t("Stop sharing") : t("Share screen"), glyph: 'monitor-up', key: 'D',
    act: actions.screen, kind: `roomy ${state.screen ? 'active' : ''}`,
  }) : nothing}`;

/** @param {BarState} state @param {BarActions} actions @param {unknown} more the "More" button and its menu */
export const controlBar = (state, actions, more) => html`
  <section class="bar" aria-label=${t("Meeting controls")}>
    ${state.sends ? sending(state, actions) : nothing}
    ${state.hand === null ? nothing : control({
      name: 'hand', label: state.hand ? t("Lower hand") : t("Raise hand"), glyph: 'hand', key: 'H', act: actions.hand, pressed: state.hand,
      kind: state.sends ? '' : 'wordy',
    })}
    ${state.reactions ? control({ name: 'reactions', label: t("React"), glyph: 'smile-plus', key: 'R', act: actions.reactions, kind: 'roomy' }) : nothing}
    <span class="bar-gap" role="presentation"></span>
    ${state.chat ? control({
      name: 'chat', label: t("Chat"), glyph: 'message-square', key: 'C', act: actions.chat, pressed: state.panel === 'chat', badge: unreadBadge(state.unread),
      description: state.unread > 0 ? tn("{n} unread message", "{n} unread messages", state.unread) : undefined,
    }) : nothing}
    ${state.notes === null ? nothing : control({
      name: 'notes', label: t("Notes"), glyph: 'notebook-pen', key: 'A', act: actions.notes, kind: 'roomy', pressed: state.panel === 'notes', badge: unreadBadge(state.notes),
      description: state.notes > 0 ? tn("{n} poll waits for your vote", "{n} polls wait for your vote", state.notes) : undefined,
    })}
    ${state.documents === null ? nothing : control({
      name: 'documents', label: t("Documents"), glyph: 'file-text', key: 'F', act: actions.documents, kind: 'roomy', pressed: state.panel === 'documents', badge: unreadBadge(state.documents),
      description: state.documents > 0 ? tn("{n} new document", "{n} new documents", state.documents) : undefined,
    })}
    ${state.questions === null ? nothing : control({
      name: 'questions', label: t("Questions"), glyph: 'message-circle-question-mark', key: 'Q', act: actions.questions, pressed: state.panel === 'questions',
      badge: unreadBadge(state.questions), kind: state.sends ? 'roomy' : '',
      description: state.questions > 0 ? tn("{n} new question", "{n} new questions", state.questions) : undefined,
    })}
    ${control({
      name: 'people', label: t("People"), glyph: 'users', key: 'P', act: actions.people, kind: 'roomy', pressed: state.panel === 'people',
      badge: state.waiting > 0 ? unreadBadge(state.waiting) : html`<span class="count" aria-hidden="true">${state.people}</span>`,
      description: state.waiting > 0 ? tn("{n} person is waiting", "{n} people are waiting", state.waiting) : tn("{n} person", "{n} people", state.people),
    })}
    ${more}
    <span class="bar-gap" role="presentation"></span>
    ${control({ name: 'leave', label: t("Leave"), glyph: 'log-out', key: '', act: actions.leave, kind: 'leave' })}
  </section>`;
