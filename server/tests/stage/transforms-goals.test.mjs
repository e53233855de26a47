// @ts-check
// The goals of the exercises on transforms and recordings: who decodes, by statistics, and what has played, by what was logged.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { createJudge } from '../../../book/stage/exercise/judge.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import { statsOf } from '../../../book/stage/stats.js';
import * as key from '../../../code/media/transforms-key.goals.js';
import * as three from '../../../code/media/transforms-three.goals.js';

const made = eventsOf(['pc1', 'pc2', 'pc3', 'pc4'].map((on) => ({ type: 'new', on, at: 0 })));

/** @param {string} on @param {number} framesDecoded */
const decodes = (on, framesDecoded) =>
  /** @type {import('../../../book/stage/stats.js').Stats} */ (
    statsOf({ on, reports: [{ type: 'inbound-rtp', kind: 'video', framesDecoded, timestamp: 5_000 }] })
  );

/** @param {import('../../../book/stage/stats.js').Stats[]} readings @param {string[]} said */
const runOf = (readings, said = []) => ({ model: modelOf(made), events: made, said, readings, elapsed: 3_000 });

/** @param {{ goals: import('../../../code/goals.js').Goal[] }} exercise @param {ReturnType<typeof runOf>} run */
const judged = ({ goals }, run) => createJudge(goals, 2_000).look(run).states;

test('a key for B alone: nobody decodes, both do, or one of them', () => {
  assert.deepEqual(judged(key, runOf([])), ['missed', 'open']);
  assert.deepEqual(judged(key, runOf([decodes('pc2', 0), decodes('pc4', 0)])), ['missed', 'open']);
  assert.deepEqual(judged(key, runOf([decodes('pc2', 30), decodes('pc4', 30)])), ['met', 'missed']);
  assert.deepEqual(judged(key, runOf([decodes('pc2', 30), decodes('pc4', 1)])), ['met', 'missed']);
  assert.deepEqual(judged(key, runOf([decodes('pc2', 5), decodes('pc4', 0)]))[0], 'missed', 'too few');
  assert.deepEqual(judged(key, runOf([decodes('pc2', 30), decodes('pc4', 0)])), ['met', 'met']);
});

test('three seconds that play: nothing, the half of it, or all', () => {
  const of = (/** @type {string[]} */ ...said) => judged(three, runOf([], said));
  assert.deepEqual(of(), ['missed', 'missed']);
  assert.deepEqual(of('the recording has 0 bytes', 'NotSupportedError', 'it does not play'), ['missed', 'missed']);
  assert.deepEqual(of('the recording has 41200 bytes', 'it does not play'), ['met', 'missed']);
  assert.deepEqual(of('the recording has 41200 bytes', 'it has played for 0.9 s'), ['met', 'missed']);
  assert.deepEqual(of('the recording has 41200 bytes', 'it has played for Infinity s'), ['met', 'missed']);
  assert.deepEqual(of('the recording has 41200 bytes', 'it has played for 3.1 s'), ['met', 'met']);
});
