// What can be fetched of a recording, by what it is good for; all of it as one archive. Links only: the browser does the rest.

import { html, nothing } from 'lit-html';
import { archiveUrl, fileUrl } from '../core/api.js';
import { fileSize } from '../core/figures.js';
import { t } from '../core/i18n.js';
import { filesOf } from '../core/recorded.js';
import { icon } from './icon.js';
import { ofVersion, sourceWords, videoWords } from './recording-words.js';

const NOTHING_IN_IT = 10; // bytes: the first line of WebVTT

/** @typedef {import('../core/api.js').RecordingObject} RecordingObject */
/** @typedef {import('../core/api.js').RecordedFile} RecordedFile */

/** @param {RecordingObject} recording @param {RecordedFile} file @param {string} words @param {string} [glyph] */
const line = (recording, file, words, glyph = 'download') => html`
  <li><a class="download" href=${fileUrl(recording.id, file.name, { download: true })} download>
    ${icon(glyph, 'small')}<span class="download-words">${words}</span><span class="small soft">${fileSize(file.bytes)}</span></a></li>`;

/** @param {string} title @param {unknown[]} lines */
const group = (title, lines) => (lines.length === 0 ? nothing : html`<div class="download-group"><h3>${title}</h3><ul>${lines}</ul></div>`);

/** @param {string} name */
const ending = name => name.slice(name.lastIndexOf('.') + 1).toUpperCase();

/** @param {RecordedFile} file */
const audioWords = ({ name }) => (name.endsWith('.opus') ? t("Opus, small") : t("M4A, plays everywhere"));

/** @type {Record<string, () => string>} */
const OTHERS = {
  otio: () => t("Timeline for video editors (OTIO)"),
  vtt: () => t("Chapters (WebVTT)"),
};

/**
 * @param {RecordingObject} recording
 * @param {{ nameOf: (person: string) => string, onSounds?: (() => void) | null }} options onSounds: has the sound files made (FLAC)
 */
export function downloads(recording, { nameOf, onSounds = null }) {
  const videos = filesOf(recording, 'video');
  const sounds = filesOf(recording, 'sound');
  const others = [...filesOf(recording, 'timeline'), ...filesOf(recording, 'chapters')]
    .filter(({ name, bytes }) => Object.hasOwn(OTHERS, ending(name).toLowerCase()) && bytes > NOTHING_IN_IT);
  const named = (/** @type {string} */ words, /** @type {RecordedFile} */ { name }) => (videos.length > 1 ? ofVersion(words, name) : words);
  const all = (recording.files ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
  return html`
    <section class="part" aria-labelledby="downloads-title">
      <h2 id="downloads-title">${t("Downloads")}</h2>
      ${group(t("Video"), videos.map(file => line(recording, file, videos.length > 1 ? videoWords(recording, file.name) : t("MP4, plays everywhere"))))}
      ${group(t("Audio only"), filesOf(recording, 'audio').map(file => line(recording, file, named(audioWords(file), file))))}
      ${group(t("One sound file for each track, all of the same length"), sounds.map(file =>
        line(recording, file, `${nameOf(file.person ?? '')}, ${sourceWords(file.source)} (${ending(file.name)})`)))}
      ${sounds.length === 0 && onSounds ? html`
        <div class="download-group"><h3>${t("One sound file for each track, all of the same length")}</h3>
          <button type="button" class="button" @click=${onSounds}>${icon('audio-lines', 'small')}<span>${t("Make them")}</span></button></div>` : nothing}
      ${group(t("For editing"), others.map(file => line(recording, file, named(OTHERS[ending(file.name).toLowerCase()](), file))))}
      ${all > 0 ? html`<a class="button wide" href=${archiveUrl(recording.id)} download>${icon('download', 'small')}<span>${t("Everything as ZIP")}</span><span class="small soft">${fileSize(all)}</span></a>` : nothing}
    </section>`;
}
