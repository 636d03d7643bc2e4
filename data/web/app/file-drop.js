// Files that are dropped anywhere on the meeting, or pasted where they are wanted. Says what came; a page that a file is dropped on by
// mistake would else be left for it.

import { html, nothing } from 'lit-html';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { notices } from './notices.js';

/** @param {DataTransfer | null} transfer */
const hasFiles = transfer => transfer?.types.includes('Files') ?? false;

/** Without folders, which come as if they were files. @param {DataTransfer} transfer */
function filesOf(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const files = items.filter(item => !item.webkitGetAsEntry?.()?.isDirectory).map(item => item.getAsFile()).filter(file => file !== null);
  if (files.length < items.length)
    notices.toast(t("Folders cannot be shared. Share the files in them."), { bad: true });
  return files;
}

/** Pictures that come from nowhere all have the same name. @param {File} file */
function named(file) {
  if (file.name !== 'image.png')
    return file;
  const now = new Date();
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const time = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
  return new File([file], `${t("Picture")} ${time}.png`, { type: file.type });
}

export class FileDrop {
  #allowed;
  #pasted;
  #onFiles;
  #update;
  /** Something is held over the page, which is left for what is in it. */ #depth = 0;

  /** @param {{ allowed: () => boolean, pasted: () => boolean, onFiles: (files: File[]) => void, update: () => void, signal: AbortSignal }} options pasted: what is pasted is for us */
  constructor({ allowed, pasted, onFiles, update, signal }) {
    this.#allowed = allowed;
    this.#pasted = pasted;
    this.#onFiles = onFiles;
    this.#update = update;
    document.addEventListener('dragenter', this.#onEnter, { signal });
    document.addEventListener('dragleave', this.#onLeave, { signal });
    document.addEventListener('dragover', this.#onOver, { signal });
    document.addEventListener('drop', this.#onDrop, { signal });
    document.addEventListener('paste', this.#onPaste, { signal });
  }

  template() {
    return this.#depth > 0 && this.#allowed() ? html`
      <div class="drop-place"><p>${icon('file-text')}<span>${t("Drop the files to share them with everyone")}</span></p></div>` : nothing;
  }

  /** @param {number} depth */
  #hover(depth) {
    const changes = depth > 0 !== this.#depth > 0;
    this.#depth = Math.max(0, depth);
    if (changes)
      this.#update();
  }

  /** @param {DragEvent} event */
  #onEnter = event => {
    if (!hasFiles(event.dataTransfer))
      return;
    event.preventDefault();
    this.#hover(this.#depth + 1);
  };

  /** @param {DragEvent} event */
  #onLeave = event => {
    if (hasFiles(event.dataTransfer))
      this.#hover(this.#depth - 1);
  };

  /** @param {DragEvent} event */
  #onOver = event => {
    if (!event.dataTransfer || !hasFiles(event.dataTransfer))
      return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.#allowed() ? 'copy' : 'none';
  };

  /** @param {DragEvent} event */
  #onDrop = event => {
    if (!event.dataTransfer || !hasFiles(event.dataTransfer))
      return;
    event.preventDefault();
    this.#hover(0);
    if (this.#allowed())
      this.#onFiles(filesOf(event.dataTransfer));
  };

  /** Text is for the field that it is pasted in. @param {ClipboardEvent} event */
  #onPaste = event => {
    const { clipboardData } = event;
    if (!clipboardData || !hasFiles(clipboardData) || clipboardData.types.includes('text/plain') || !this.#pasted() || !this.#allowed())
      return;
    event.preventDefault();
    this.#onFiles(filesOf(clipboardData).map(named));
  };
}
