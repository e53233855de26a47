// @ts-check
// The goals of the exercise on statistics: a picture that stood still, and a program that says so.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { createJudge } from '../../../book/stage/exercise/judge.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import { statsOf } from '../../../book/stage/stats.js';
import { stoodStill } from '../../../code/goals.js';
import * as still from '../../../code/media/stats-still.goals.js';

const made = eventsOf([
  { type: 'new', on: 'pc1', at: 0 },
  { type: 'new', on: 'pc2', at: 0 },
]);

/** What B has decoded, second by second. @param {number[]} counts @param {string[]} [said] */
const runOf = (counts, said = []) => {
  const readings = counts.map((framesDecoded, second) => {
    const report = { type: 'inbound-rtp', kind: 'video', framesDecoded, timestamp: 5_000 + second * 1_000 };
    return /** @type {import('../../../book/stage/stats.js').Stats} */ (statsOf({ on: 'pc2', reports: [report] }));
  });
  return { model: modelOf(made), events: made, said, readings, elapsed: 3_000 };
};

test('a picture stood still if none came for a time, after some and before more', () => {
  const stood = (/** @type {number[]} */ ...counts) => stoodStill(runOf(counts), 2);
  assert.equal(stood(3, 9, 9, 9, 14), true);
  assert.equal(stood(3, 9, 9, 14), false, 'not for long enough');
  assert.equal(stood(0, 0, 0, 0, 14), false, 'it had not come yet');
  assert.equal(stood(3, 9, 9, 9, 9), false, 'it has not come again');
  assert.equal(stood(), false);
});

test('does it move: what is said has to change with it, and back', () => {
  const judged = (/** @type {number[]} */ counts, /** @type {string[]} */ ...said) =>
    createJudge(still.goals, 2_000).look(runOf(counts, said)).states;
  const [moves, stands] = ['the picture moves; freezes: 0', 'the picture stands still; freezes: 0'];
  const cut = [3, 9, 9, 9, 14];
  assert.deepEqual(judged(cut, moves, moves, moves), ['met', 'missed', 'missed']);
  assert.deepEqual(judged(cut, stands, moves), ['met', 'missed', 'missed'], 'the start does not count');
  assert.deepEqual(judged(cut, moves, stands, stands), ['met', 'met', 'missed']);
  assert.deepEqual(judged(cut, moves, stands, moves), ['met', 'met', 'met']);
  assert.deepEqual(judged([3, 9, 14], moves, stands, moves), ['missed', 'met', 'met'], 'nothing stood still');
});
