// @ts-check
// Where the picture of a frame is drawn while it is kept in sight: whole, in the corner, and never larger than it is.

import assert from 'node:assert/strict';
import test from 'node:test';

import { smallView } from '../../../book/stage/small-view.js';

/** @typedef {NonNullable<ReturnType<typeof smallView>>} View */

const LAPTOP = { width: 700, height: 190, bar: 32, window: 768 };
const PHONE = { width: 320, height: 190, bar: 44, window: 640 };
const PICTURE = { x: 0, y: 0, width: 320, height: 180 };

/** Where a point of the frame is drawn. @param {View} view @param {number} x @param {number} y */
function drawnAt({ transform }, x, y) {
  const [left, top, scale] = [...transform.matchAll(/-?[\d.]+/g)].map(Number);
  return [left + x * scale, top + y * scale].map(Math.round);
}

test('the picture is above the bar, in the lower right corner of its place', () => {
  for (const room of [LAPTOP, PHONE]) {
    const view = smallView(PICTURE, room);
    assert.ok(view);
    const [left, top] = drawnAt(view, 0, 0);
    const [right, bottom] = drawnAt(view, 320, 180);
    assert.deepEqual([right, bottom], [room.width - 8 - 1, room.height - 1 - room.bar]);
    assert.ok(Math.abs(right - left + 2 - view.width) <= 1 && Math.abs(bottom - top + room.bar + 2 - view.height) <= 1);
    assert.ok(view.width <= room.width / 2 && view.height - room.bar <= room.window / 4 + 2);
    assert.equal(view.clip, `inset(0px ${room.width - 320}px ${room.height - 180}px 0px)`);
  }
});

test('what is beside the picture is left out, and the picture keeps its shape', () => {
  const view = smallView({ x: 100, y: 40, width: 160, height: 120 }, LAPTOP);
  assert.ok(view);
  assert.equal(view.clip, 'inset(40px 440px 30px 100px)');
  const [left, top] = drawnAt(view, 100, 40);
  const [right, bottom] = drawnAt(view, 260, 160);
  assert.deepEqual([right, bottom], [691, 157]);
  assert.ok(Math.abs((right - left) / (bottom - top) - 160 / 120) < 0.02);
});

test('a small picture is not enlarged', () => {
  const view = smallView({ x: 0, y: 0, width: 120, height: 60 }, LAPTOP);
  assert.match(view?.transform ?? '', /scale\(1\)$/);
});

test('of a picture that the frame shows in part, this part is kept; of one that it does not show, nothing', () => {
  const tall = smallView({ x: 0, y: 100, width: 320, height: 900 }, { ...LAPTOP, height: 480 });
  assert.equal(tall?.clip, 'inset(100px 380px 0px 0px)');
  assert.equal(smallView({ x: 0, y: 500, width: 320, height: 180 }, { ...LAPTOP, height: 480 }), undefined);
  assert.equal(smallView(PICTURE, { ...LAPTOP, width: 0 }), undefined, 'a demo behind a tab has no size');
});
