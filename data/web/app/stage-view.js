// What the stage wants of the server: of each tile that shows, whose picture it is and how many pixels of it can be seen. Pure.

/** @typedef {import('../core/view.js').ViewTile} ViewTile */
/** @typedef {import('./stage-layout.js').Rect} Rect */

const WIDE = 16 / 9;
const MOST_PIXELS = 2; // for each CSS pixel: nobody sees more of a face, and everybody pays for it

/**
 * @param {{ person: string, source: 'main' | 'screen', rect: Pick<Rect, 'width' | 'height'> }[]} placed the most important first
 * @param {number} ratio device pixels to a CSS pixel
 * @returns {ViewTile[]}
 */
export function viewOf(placed, ratio) {
  const pixels = Math.min(Math.max(ratio, 1), MOST_PIXELS);
  return placed.map(({ person, source, rect: { width, height } }) => ({
    person,
    source: source === 'main' ? 'camera' : 'screen',
    // A camera fills its tile, so an upright tile shows a part of a wider picture; a screen is shown whole.
    width: Math.round(pixels * (source === 'main' ? Math.max(width, height * WIDE) : width)),
  }));
}
