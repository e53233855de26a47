// A replay takes the time that was chosen, whatever the run took.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createPlayer, scheduleOf } from '../../../book/stage/instruments/model/player.js';

const within = 10_000;
const isNear = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);

test('a short run is stretched to the time that was chosen, in proportion', () => {
  // Forty steps of 1 ms, so that no pause is long.
  const schedule = scheduleOf(
    Array.from({ length: 41 }, (_, i) => 8 + i),
    within,
  );
  isNear(schedule[0], 0);
  isNear(schedule[20], within / 2);
  isNear(schedule[40], within);
});

test('a long pause is shortened, and the rest gets its time', () => {
  const times = [...Array.from({ length: 40 }, (_, i) => i), 600_000];
  const schedule = scheduleOf(times, within);
  isNear(schedule[40], within);
  const even = scheduleOf([0, 100, 200, 300_000, 300_100], within);
  assert.ok(even.every((due, i) => i === 0 || due >= even[i - 1]));
});

test('a run in which all happens at once, or nothing, is over at once', () => {
  assert.deepEqual(scheduleOf([5, 5, 5], within), [0, 0, 0]);
  assert.deepEqual(scheduleOf([], within), []);
});

test('a replay shows one event after the other, and ends with the whole', async () => {
  const events = Array.from({ length: 30 }, (_, i) => ({ at: i }));
  /** @type {number[]} */
  const positions = [];
  await new Promise((resolve) => {
    const player = createPlayer(() => {
      positions.push(player.position);
      if (!player.isPlaying) resolve(undefined);
    });
    player.take(events, 1);
    player.play(200);
    assert.ok(player.isPlaying);
  });
  assert.equal(positions.at(-1), 30);
  assert.ok(positions[0] < 30);
  assert.deepEqual(
    positions,
    [...positions].sort((a, b) => a - b),
  );
});

test('what is paused stays where it is, and a step ends a replay', () => {
  const player = createPlayer(() => {});
  player.take(
    Array.from({ length: 10 }, (_, i) => ({ at: 1_000 * i })),
    1,
  );
  player.play(60_000);
  player.step(1);
  assert.equal(player.isPlaying, false);
  const { position } = player;
  player.seek(position + 3);
  assert.equal(player.shown.length, position + 3);
});
