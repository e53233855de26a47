// @ts-check
// What screen readers are told, and how often.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace } from '../../../book/stage/speaker.js';

test('a sentence that changes often is said at most once in its time, and never twice in a row', () => {
  const pace = createPace(15_000);
  assert.ok(pace.isDue('1 here.', 0));
  for (const at of [3_000, 6_000, 14_999]) assert.ok(!pace.isDue(`${at} here.`, at), `${at}`);
  assert.ok(pace.isDue('2 here.', 15_000));
  assert.ok(!pace.isDue('2 here.', 60_000), 'it has been said');
  assert.ok(!pace.isDue('3 here.', 16_000));
  assert.ok(!pace.isDue('2 here.', 31_000), 'it is again what was said last');
  assert.ok(pace.isDue('4 here.', 31_000));
});
