// The geometry of the stage: nothing overlaps or sticks out, shapes are kept, everybody is on exactly one page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitGrid, focusLayout, gridLayout } from '../../data/web/app/stage-layout.js';

const STAGES = [[1440, 800], [1024, 600], [768, 900], [360, 620], [740, 240], [200, 150]];
const COUNTS = [1, 2, 3, 5, 8, 25];

/** @param {number} n */
const people = n => Array.from({ length: n }, (_, i) => `p${i}`);

function isSound({ rects }, width, height, where) {
  const all = [...rects.entries()];
  for (const [key, { x, y, width: w, height: h }] of all) {
    assert.ok(w > 0 && h > 0, `${where}: ${key} is empty`);
    assert.ok(x >= -1 && y >= -1 && x + w <= width + 1 && y + h <= height + 1, `${where}: ${key} sticks out`);
  }
  for (const [i, [key, a]] of all.entries()) {
    for (const [other, b] of all.slice(i + 1)) {
      const apart = a.x + a.width <= b.x + 1 || b.x + b.width <= a.x + 1 || a.y + a.height <= b.y + 1 || b.y + b.height <= a.y + 1;
      assert.ok(apart, `${where}: ${key} and ${other} overlap`);
    }
  }
}

/** Keys over all pages; asserts that each page is within bounds. */
function onAllPages(layout) {
  const first = layout(0);
  return Array.from({ length: first.pages }, (_, page) => {
    const now = layout(page);
    assert.equal(now.page, page);
    assert.equal(now.pages, first.pages);
    return [...now.rects.keys()];
  });
}

for (const [width, height] of STAGES) {
  test(`grid on ${width}×${height}`, () => {
    for (const n of COUNTS) {
      const pages = onAllPages(page => {
        const layout = gridLayout(people(n), width, height, { page });
        isSound(layout, width, height, `${n} people, page ${page}`);
        return layout;
      });
      assert.deepEqual(pages.flat(), people(n));
    }
  });

  test(`one large on ${width}×${height}`, () => {
    for (const n of COUNTS) {
      for (const shape of [undefined, 16 / 9, 4 / 3, 9 / 19]) {
        const pages = onAllPages(page => {
          const layout = focusLayout('large', people(n), width, height, { page, shape });
          isSound(layout, width, height, `${n} people, shape ${shape}, page ${page}`);
          const large = layout.rects.get('large');
          assert.ok(shape === undefined || Math.abs(large.width / large.height - shape) < 0.01, 'the screen keeps its shape');
          return layout;
        });
        assert.deepEqual(pages.flatMap(([first, ...others]) => (assert.equal(first, 'large'), others)), people(n));
      }
    }
  });
}

test('tiles of a wide stage keep 16:9, those of an upright one may be taller but never upright strips', () => {
  for (const n of COUNTS) {
    const wide = fitGrid(n, 1440, 800);
    assert.ok(Math.abs(wide.width / wide.height - 16 / 9) < 0.03, `${n} people: ${wide.width}×${wide.height}`);
    const upright = fitGrid(n, 360, 620);
    assert.ok(upright.width / upright.height > 0.79, `${n} people: ${upright.width}×${upright.height}`);
  }
});

test('a page that is no longer there gives the last one', () => {
  assert.equal(gridLayout(people(3), 1000, 600, { page: 7 }).page, 0);
  assert.equal(focusLayout('large', people(20), 1000, 600, { page: 99 }).page, focusLayout('large', people(20), 1000, 600).pages - 1);
});

test('never more on a page than there are pictures for, and still everybody on one', () => {
  for (const [width, height] of STAGES) {
    const grid = onAllPages(page => gridLayout(people(100), width, height, { page, most: 16 }));
    assert.deepEqual(grid.flat(), people(100));
    assert.ok(grid.every(page => page.length <= 16), `${width}×${height}`);
    const focus = onAllPages(page => focusLayout('large', people(100), width, height, { page, most: 5 })).map(([, ...others]) => others);
    assert.deepEqual(focus.flat(), people(100));
    assert.ok(focus.every(page => page.length <= 5), `${width}×${height}`);
  }
});
