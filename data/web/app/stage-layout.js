// Where each tile goes: pure geometry, no DOM. Tiles never move in the document, they only get another place, so a
// video never restarts. Sizes are CSS pixels, places are relative to the stage.

const WIDE = 16 / 9;
const TALL = 4 / 5;
const GAP = 8;
const MIN_TILE = 144;
const STRIP_SHARE = 0.22;

/** @typedef {{ x: number, y: number, width: number, height: number }} Rect */
/** @typedef {{ rects: Map<string, Rect>, pages: number, page: number }} Layout */

/** How narrow a tile may get: 16:9, but on an upright stage it may grow taller, up to 4:5. @param {number} width @param {number} height */
const narrowestOn = (width, height) => (height > width ? TALL : WIDE);

/**
 * The grid in which tiles are largest.
 * @param {number} count @param {number} width @param {number} height @param {number} [narrowest] width to height of a tile, at least
 */
export function fitGrid(count, width, height, narrowest = narrowestOn(width, height)) {
  let best = { columns: 1, rows: count, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - GAP * (columns - 1)) / columns;
    const cellHeight = (height - GAP * (rows - 1)) / rows;
    const tileWidth = Math.min(cellWidth, cellHeight * WIDE);
    const tileHeight = Math.min(cellHeight, tileWidth / narrowest);
    if (tileWidth * tileHeight > best.width * best.height)
      best = { columns, rows, width: Math.floor(tileWidth), height: Math.floor(tileHeight) };
  }
  return best;
}

/**
 * How many tiles fit before they get too small to know a face.
 * @param {number} count @param {number} width @param {number} height @param {number} narrowest @param {number} most
 */
function gridCapacity(count, width, height, narrowest, most) {
  for (let n = Math.min(count, most); n > 1; n--) {
    if (fitGrid(n, width, height, narrowest).width >= Math.min(MIN_TILE, width))
      return n;
  }
  return 1;
}

/** @param {number} count @param {number} capacity @param {number} wanted */
function paging(count, capacity, wanted) {
  const pages = Math.max(1, Math.ceil(count / capacity));
  const page = Math.min(Math.max(wanted, 0), pages - 1);
  return { pages, page, from: page * capacity, to: (page + 1) * capacity };
}

/**
 * All the same size; rows that are not full stand in the middle.
 * @param {string[]} keys @param {number} width @param {number} height
 * @param {{ page?: number, narrowest?: number, most?: number }} [options] narrowest: as in fitGrid; most: on a page
 * @returns {Layout}
 */
export function gridLayout(keys, width, height, { page: wantedPage = 0, narrowest = narrowestOn(width, height), most = Infinity } = {}) {
  const { pages, page, from, to } = paging(keys.length, gridCapacity(keys.length, width, height, narrowest, most), wantedPage);
  const shown = keys.slice(from, to);
  const grid = fitGrid(shown.length, width, height, narrowest);
  const top = (height - grid.rows * grid.height - (grid.rows - 1) * GAP) / 2;
  const rects = new Map(shown.map((key, i) => {
    const row = Math.floor(i / grid.columns);
    const inRow = row === grid.rows - 1 ? shown.length - row * grid.columns : grid.columns;
    const left = (width - inRow * grid.width - (inRow - 1) * GAP) / 2;
    return [key, {
      x: left + (i % grid.columns) * (grid.width + GAP),
      y: top + row * (grid.height + GAP),
      width: grid.width,
      height: grid.height,
    }];
  }));
  return { rects, pages, page };
}

/**
 * One large, the others in a strip: beside it, or below on an upright stage; where much room is left below, in a grid.
 * @param {string} large @param {string[]} others @param {number} width @param {number} height
 * @param {{ page?: number, shape?: number, most?: number }} [options] shape: width to height of what may not be cropped (a screen);
 *   most: others on a page
 * @returns {Layout}
 */
export function focusLayout(large, others, width, height, { page = 0, shape, most = Infinity } = {}) {
  if (others.length === 0)
    return { rects: new Map([[large, fitLarge(width, height, shape)]]), pages: 1, page: 0 };
  return height > width
    ? stripBelow(large, others, width, height, { page, shape, most })
    : stripBeside(large, others, width, height, { page, shape, most });
}

/** @param {string} large @param {string[]} others @param {number} width @param {number} height @param {{ page: number, shape?: number, most: number }} options @returns {Layout} */
function stripBeside(large, others, width, height, { page: wantedPage, shape, most }) {
  const tile = wideTile(Math.min(Math.max(width * STRIP_SHARE, 128), 280));
  const step = tile.height + GAP;
  const { pages, page, from, to } = paging(others.length, Math.max(1, Math.min(Math.floor((height + GAP) / step), most)), wantedPage);
  const strip = others.slice(from, to);
  const start = (height - strip.length * step + GAP) / 2;
  const rects = new Map([[large, fitLarge(width - tile.width - GAP, height, shape)]]);
  strip.forEach((key, i) => rects.set(key, { x: width - tile.width, y: start + i * step, ...tile }));
  return { rects, pages, page };
}

/** @param {string} large @param {string[]} others @param {number} width @param {number} height @param {{ page: number, shape?: number, most: number }} options @returns {Layout} */
function stripBelow(large, others, width, height, { page: wantedPage, shape, most }) {
  const tile = wideTile(Math.min(Math.max((width - 2 * GAP) / 3, 96), 200));
  const place = fitLarge(width, height - tile.height - GAP, shape);
  const below = height - place.height - GAP;
  if (below > 2 * tile.height)
    return gridBelow(large, others, { ...place, y: 0 }, width, below, { page: wantedPage, most });

  const step = tile.width + GAP;
  const { pages, page, from, to } = paging(others.length, Math.max(1, Math.min(Math.floor((width + GAP) / step), most)), wantedPage);
  const strip = others.slice(from, to);
  const start = (width - strip.length * step + GAP) / 2;
  const rects = new Map([[large, place]]);
  strip.forEach((key, i) => rects.set(key, { x: start + i * step, y: height - tile.height, ...tile }));
  return { rects, pages, page };
}

/** @param {string} large @param {string[]} others @param {Rect} place of the large one @param {number} width @param {number} below the height that is left @param {{ page: number, most: number }} options @returns {Layout} */
function gridBelow(large, others, place, width, below, options) {
  const grid = gridLayout(others, width, below, { ...options, narrowest: TALL });
  const rects = new Map([[large, place]]);
  for (const [key, rect] of grid.rects)
    rects.set(key, { ...rect, y: rect.y + place.height + GAP });
  return { ...grid, rects };
}

/** @param {number} width */
const wideTile = width => ({ width: Math.floor(width), height: Math.floor(width / WIDE) });

/** The largest that keeps its shape, in the middle. @param {number} width @param {number} height @param {number} [shape] @returns {Rect} */
function fitLarge(width, height, shape) {
  const tileWidth = Math.min(width, height * (shape ?? WIDE));
  const narrowest = shape ?? narrowestOn(width, height);
  const tileHeight = Math.min(height, tileWidth / narrowest);
  return { x: (width - tileWidth) / 2, y: (height - tileHeight) / 2, width: tileWidth, height: tileHeight };
}
