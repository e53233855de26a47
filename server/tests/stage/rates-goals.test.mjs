// @ts-check
// The goals of exercises on rates: how large pictures are sent in how many bits, and which of two layers arrives.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { createJudge } from '../../../book/stage/exercise/judge.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import { statsOf } from '../../../book/stage/stats.js';
import { onlyLargeDecoded, picturesSent, streamsDecoded } from '../../../code/goals.js';
import * as layers from '../../../code/media/rates-layers.goals.js';
import * as slide from '../../../code/media/rates-slide.goals.js';

const made = eventsOf([
  { type: 'new', on: 'pc1', at: 0 },
  { type: 'new', on: 'pc2', at: 0 },
]);

/** @typedef {import('../../../book/stage/stats.js').Stats} Stats */
/** @param {string} on @param {object[]} reports */
const reading = (on, ...reports) => /** @type {Stats} */ (statsOf({ on, reports }));

/** @param {Stats[]} readings */
const runOf = (...readings) => ({ model: modelOf(made), events: made, said: [], readings, elapsed: 3_000 });

/** What A sends, second by second: lines, and kbit and pictures of that second. @param {[lines: number, kbits: number, pictures: number][]} rows */
const sends = (...rows) => {
  const sum = { bytesSent: 0, framesEncoded: 0 };
  return rows.map(([frameHeight, kbits, pictures], second) => {
    sum.bytesSent += kbits * 125;
    sum.framesEncoded += pictures;
    const stream = { type: 'outbound-rtp', kind: 'video', frameHeight, timestamp: 5_000 + second * 1_000, ...sum };
    return reading('pc1', { type: 'outbound-rtp', kind: 'audio', bytesSent: 1 }, stream);
  });
};

/** What B has decoded of two streams, second by second. @param {[large: number, small: number][]} rows */
const decodes = (...rows) =>
  rows.map(([large, small], second) => {
    const stream = { type: 'inbound-rtp', kind: 'video', timestamp: 5_000 + second * 1_000 };
    return reading(
      'pc2',
      { ...stream, trackIdentifier: 'large', framesDecoded: large, frameHeight: large ? 360 : undefined },
      { ...stream, trackIdentifier: 'small', framesDecoded: small, frameHeight: small ? 180 : undefined },
      { type: 'inbound-rtp', kind: 'audio', timestamp: 5_000 },
    );
  });

/** @param {number} count @param {[number, number, number]} row */
const times = (count, row) => Array.from({ length: count }, () => row);

test('pictures of a height are sent for a time: in few enough bits, often enough, and without a smaller one between', () => {
  const bounds = { seconds: 3, lines: 360, rate: 1, kbits: 100 };
  const isSent = (/** @type {[number, number, number][]} */ ...rows) => picturesSent(runOf(...sends(...rows)), bounds);
  assert.equal(isSent(...times(4, [360, 80, 2])), true);
  assert.equal(isSent(...times(3, [360, 80, 2])), false, 'not for long enough');
  assert.equal(isSent(...times(5, [360, 120, 2])), false, 'too many bits');
  assert.equal(isSent(...times(5, [360, 80, 0])), false, 'too few pictures');
  assert.equal(isSent([360, 80, 2], [360, 80, 2], [180, 80, 2], [360, 80, 2], [360, 80, 2]), false);
  assert.equal(isSent([180, 900, 2], ...times(4, [360, 80, 2])), true, 'what was before does not count');
  assert.equal(isSent(), false);
});

test('words that can be read: a small picture is not enough, nor a large one of many bits', () => {
  const judged = (/** @type {[number, number, number][]} */ ...rows) => {
    const decoded = decodes([0, 20]);
    return createJudge(slide.goals, 2_000).look(runOf(...sends(...rows), ...decoded)).states;
  };
  assert.deepEqual(judged(...times(20, [180, 100, 15])), ['met', 'missed']);
  assert.deepEqual(judged(...times(20, [360, 600, 15])), ['met', 'missed']);
  assert.deepEqual(judged(...times(20, [360, 110, 3])), ['met', 'met']);
});

test('streams count once there was a picture of them', () => {
  assert.equal(streamsDecoded(runOf(...decodes([0, 0], [0, 4]))), 1);
  assert.equal(streamsDecoded(runOf(...decodes([0, 0], [1, 4]))), 2);
  assert.equal(streamsDecoded(runOf()), 0);
});

test('only the large one: the small one has to have been there, and the large one has to go on', () => {
  const least = { seconds: 3, rate: 1 };
  const isSo = (/** @type {[number, number][]} */ ...rows) => onlyLargeDecoded(runOf(...decodes(...rows)), least);
  assert.equal(isSo([5, 5], [9, 9], [12, 9], [15, 9], [18, 9]), true);
  assert.equal(isSo([5, 5], [9, 9], [12, 9], [15, 9]), false, 'not for long enough');
  assert.equal(isSo([5, 0], [9, 0], [12, 0], [15, 0], [18, 0]), false, 'it never came');
  assert.equal(isSo([5, 5], [9, 9], [9, 9], [9, 9], [9, 9]), false, 'both stand still');
  assert.equal(isSo([5, 5], [9, 9], [9, 12], [9, 15], [9, 18]), false, 'the other one');
  assert.equal(isSo(), false);
});

test('the exercise begins with both layers, and ends with one', () => {
  const judged = (/** @type {[number, number][]} */ ...rows) =>
    createJudge(layers.goals, 2_000).look(runOf(...decodes(...rows))).states;
  const both = Array.from({ length: 12 }, (_, i) => /** @type {[number, number]} */ ([i * 10, i * 12]));
  const one = both.map(([large, small]) => /** @type {[number, number]} */ ([large, Math.min(48, small)]));
  assert.deepEqual(judged(...both), ['met', 'missed', 'open']);
  assert.deepEqual(judged(...one), ['met', 'met', 'met']);
});
