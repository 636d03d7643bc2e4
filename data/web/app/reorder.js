// Puts the things of a list into another order by dragging their handles, with a finger as well; and with the arrow keys on a handle. Says
// where a thing was put and leaves the rest to who made it. Moves what it shows only while it is dragged.

/** @typedef {{ element: HTMLElement, top: number, height: number }} Row */
/** @typedef {{ id: string, rows: Row[], from: number, to: number, y: number, moving: boolean, end: AbortController }} Drag from, to: indexes; y: of the pointer */

const STARTS_AT = 4; // px: less is a click

export class Reorder {
  #onMove;
  /** @type {Drag | null} */ #drag = null;

  /** @param {(id: string, index: number) => void} onMove index: its place afterwards */
  constructor(onMove) {
    this.#onMove = onMove;
  }

  /** Of a handle; the thing around it has `data-id`, and its siblings are the others. @param {PointerEvent} event */
  onPointerDown = event => {
    const element = /** @type {HTMLElement} */ (event.currentTarget).closest('[data-id]');
    if (!(element instanceof HTMLElement) || event.button !== 0 || this.#drag)
      return;
    const elements = siblings(element);
    const rows = elements.map(row => ({ element: row, top: row.offsetTop, height: row.offsetHeight }));
    const from = elements.indexOf(element);
    const end = new AbortController();
    this.#drag = { id: element.dataset.id ?? '', rows, from, to: from, y: event.clientY, moving: false, end };
    const { signal } = end;
    globalThis.addEventListener('pointermove', this.#onPointerMove, { signal });
    globalThis.addEventListener('pointerup', () => this.#drop(true), { signal });
    globalThis.addEventListener('pointercancel', () => this.#drop(false), { signal });
    globalThis.addEventListener('keydown', key => {
      if (key.key !== 'Escape')
        return;
      key.stopPropagation(); // it would close the panel
      this.#drop(false);
    }, { signal, capture: true });
  };

  /** Of a handle. @param {KeyboardEvent} event */
  onKeyDown = event => {
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    const element = /** @type {HTMLElement} */ (event.currentTarget).closest('[data-id]');
    if (!step || !(element instanceof HTMLElement))
      return;
    event.preventDefault();
    event.stopPropagation();
    const all = siblings(element);
    const from = all.indexOf(element);
    const to = Math.max(0, Math.min(all.length - 1, from + step));
    if (to !== from)
      this.#onMove(element.dataset.id ?? '', to);
  };

  /** @param {PointerEvent} event */
  #onPointerMove = event => {
    const drag = this.#drag;
    if (!drag)
      return;
    const by = event.clientY - drag.y;
    if (!drag.moving && Math.abs(by) < STARTS_AT)
      return;
    drag.moving = true;
    drag.to = targetOf(drag.rows, drag.from, by);
    show(drag, by);
  };

  /** @param {boolean} done */
  #drop(done) {
    const drag = this.#drag;
    if (!drag)
      return;
    this.#drag = null;
    drag.end.abort();
    for (const { element } of drag.rows) {
      element.classList.remove('dragged');
      element.style.transform = '';
    }
    if (done && drag.to !== drag.from)
      this.#onMove(drag.id, drag.to);
  }
}

/** The dragged one follows the pointer, and the others make room. @param {Drag} drag @param {number} by px */
function show({ rows, from, to }, by) {
  const gap = rows.length > 1 ? rows[1].top - rows[0].top - rows[0].height : 0;
  rows.forEach(({ element }, i) => {
    const aside = i > from && i <= to ? -(rows[from].height + gap) : i < from && i >= to ? rows[from].height + gap : 0;
    element.classList.toggle('dragged', i === from);
    element.style.transform = `translateY(${i === from ? by : aside}px)`;
  });
}

/** @param {HTMLElement} element */
const siblings = element => /** @type {HTMLElement[]} */ ([...element.parentElement?.children ?? []].filter(child => child instanceof HTMLElement && child.dataset.id));

/**
 * Where a thing belongs that was moved: past those whose middle it has passed.
 * @param {readonly { top: number, height: number }[]} rows @param {number} from its index @param {number} by px @returns {number} its index afterwards
 */
export function targetOf(rows, from, by) {
  const { top, height } = rows[from];
  const [upper, lower] = [top + by, top + by + height];
  let to = from;
  while (to < rows.length - 1 && lower > rows[to + 1].top + rows[to + 1].height / 2)
    to++;
  while (to > 0 && upper < rows[to - 1].top + rows[to - 1].height / 2)
    to--;
  return to;
}
