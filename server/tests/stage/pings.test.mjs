// @ts-check
// How a page notices that its server is silent, also after the machine has slept.

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { createWatch, silenceIn } from '../../../book/stage/pings.js';

/** The time of day, in ms. */
let day = 0;
mock.method(Date, 'now', () => day);

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  day = 1_000_000;
});

/** Time passes, in steps, as a machine that is awake. @param {number} ms */
function pass(ms) {
  for (let left = ms; left > 0; left -= 500) {
    day += Math.min(left, 500);
    mock.timers.tick(Math.min(left, 500));
  }
}

/** The machine sleeps: the time of day goes on, and timers stand still. @param {number} ms */
function sleep(ms) {
  day += ms;
}

/** A watch, and how often it has found silence. @param {number} [patience] */
function watching(patience) {
  const seen = { silent: 0 };
  const watch = createWatch(() => (seen.silent += 1), patience);
  return { watch, seen };
}

test('a ping says how long the server may be silent', () => {
  assert.equal(silenceIn({ type: 'ping', every: 25_000 }), 50_000);
  for (const other of [undefined, null, {}, { type: 'ping' }, { type: 'ping', every: -1 }, { type: 'view', every: 1 }])
    assert.equal(silenceIn(other), undefined);
});

test('silence is found once, after the time that the server has said, and never after the watch is stopped', () => {
  const { watch, seen } = watching(10_000);
  pass(9_500);
  watch.heard(50_000);
  pass(49_500);
  assert.equal(seen.silent, 0);
  pass(500);
  assert.equal(seen.silent, 1);
  pass(600_000);
  assert.equal(seen.silent, 1);
  const stopped = watching(10_000);
  stopped.watch.stop();
  pass(60_000);
  assert.equal(stopped.seen.silent, 0);
});

test('a machine that has slept for longer notices it within seconds, and not after another such time', () => {
  const { watch, seen } = watching();
  watch.heard(50_000);
  pass(1_000);
  sleep(600_000);
  pass(5_500);
  assert.equal(seen.silent, 1);
});

test('what the server has said meanwhile counts, if it is read soon after the sleep', () => {
  const { watch, seen } = watching();
  watch.heard(50_000);
  sleep(600_000);
  pass(5_000);
  watch.heard();
  pass(49_500);
  assert.equal(seen.silent, 0);
  pass(500);
  assert.equal(seen.silent, 1);
});

test('a short sleep is none, and a clock that is set back makes no wait longer', () => {
  const { watch, seen } = watching();
  watch.heard(50_000);
  sleep(20_000);
  pass(20_000);
  assert.equal(seen.silent, 0);
  watch.heard();
  sleep(-3_600_000);
  pass(60_000);
  assert.equal(seen.silent, 1);
});
