// @ts-check
// The goals of exercises on rooms with a server in the middle: who encodes how often, and who sees what, and when.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { createJudge } from '../../../book/stage/exercise/judge.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import { statsOf } from '../../../book/stage/stats.js';
import { videosDecoded, videosEncoded } from '../../../code/goals.js';
import * as first from '../../../code/media/topologies-first.goals.js';
import * as once from '../../../code/media/topologies-once.goals.js';

/** @typedef {import('../../../book/stage/stats.js').Stats} Stats */
/** @param {string} on @param {object[]} reports */
const reading = (on, ...reports) => /** @type {Stats} */ (statsOf({ on, reports }));

/** A run with connections that were made at some times, in ms. @param {number[]} times @param {Stats[]} readings */
function runOf(times, ...readings) {
  const made = eventsOf(times.map((at, i) => ({ type: 'new', on: `pc${i + 1}`, at })));
  return { model: modelOf(made), events: made, said: [], readings, elapsed: 3_000 };
}

const sent = { type: 'outbound-rtp', kind: 'video', framesEncoded: 30, timestamp: 5_000 };
const got = { type: 'inbound-rtp', kind: 'video', framesDecoded: 20, timestamp: 5_000, frameHeight: 90 };

/** Three connections of two ends, each of which sends and receives. */
const mesh = Array.from({ length: 6 }, (_, i) =>
  reading(`pc${i + 1}`, { ...sent, ssrc: 1 }, { ...got, trackIdentifier: 'other' }),
);
/** Three that publish, and six that watch. */
const room = [
  ...Array.from({ length: 3 }, (_, i) => reading(`pc${i + 1}`, { ...sent, ssrc: 1 })),
  ...Array.from({ length: 6 }, (_, i) => reading(`pc${i + 4}`, { ...got, trackIdentifier: 'other' })),
];
const at = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => i);

/** @param {{ goals: import('../../../code/goals.js').Goal[] }} exercise @param {import('../../../code/goals.js').Run} run */
const states = ({ goals }, run) => createJudge(goals, 2_000).look(run).states;

test('each stream counts once, however often it was read', () => {
  assert.equal(videosEncoded(runOf(at(6), ...mesh, ...mesh)), 6);
  assert.equal(videosEncoded(runOf(at(9), ...room, ...room)), 3);
  assert.equal(videosEncoded(runOf(at(1), reading('pc1', { ...sent, ssrc: 1 }, { ...sent, ssrc: 2 }))), 2);
  assert.equal(videosEncoded(runOf(at(1), reading('pc1', { ...sent, ssrc: 1, framesEncoded: 0 }))), 0);
  assert.equal(videosDecoded(runOf(at(9), ...room), 20), 6);
  assert.equal(videosDecoded(runOf(at(9), ...room), 21), 0);
});

test('sent once: a mesh of three shows all pictures, and has too many encoders', () => {
  assert.deepEqual(states(once, runOf(at(6), ...mesh)), ['met', 'missed']);
  assert.deepEqual(states(once, runOf(at(9), ...room)), ['met', 'met']);
  assert.deepEqual(states(once, runOf(at(9), ...room.slice(0, 8)))[0], 'missed', 'somebody does not see somebody');
});

test('somebody comes late: packets are not enough, nor a picture for whoever was early', () => {
  const watcher = (/** @type {number} */ framesDecoded) => reading('pc2', { ...got, framesDecoded });
  assert.deepEqual(states(first, runOf([0, 4_000], watcher(0))), ['met', 'missed']);
  assert.deepEqual(states(first, runOf([0, 4_000], watcher(20))), ['met', 'met']);
  assert.deepEqual(states(first, runOf([0, 500], watcher(20))), ['missed', 'missed']);
});
