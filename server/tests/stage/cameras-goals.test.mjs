// @ts-check
// The exercises about cameras: what their goals take for solved, and what not.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createJudge } from '../../../book/stage/exercise/judge.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import * as off from '../../../code/media/cameras-off.goals.js';
import * as say from '../../../code/media/cameras-say.goals.js';
import * as switching from '../../../code/media/cameras-switch.goals.js';

/** @param {{ goals: import('../../../code/goals.js').Goal[] }} exercise @param {string[]} said @param {number} [offers] */
function states({ goals }, said, offers = 0) {
  const descriptions = Array.from({ length: offers }, () => ({ side: 'local', type: 'offer' }));
  const model = /** @type {any} */ ({ ...modelOf([]), connections: [{ descriptions }] });
  return createJudge(goals, 0).look({ model, events: [], said, readings: [], elapsed: 1 }).states;
}

const IN_USE = 'Front camera (stand-in) is in use.';
const FREE = 'Front camera (stand-in) is free.';

test('three sentences are wanted, of which none is the name of an error', () => {
  const after = (/** @type {string[]} */ ...sentences) =>
    states(say, [...sentences.map((sentence, i) => `attempt ${i + 1}: ${sentence}`), IN_USE]);
  const [allow, close, connect] = [
    'Allow the camera here.',
    'Close other programs, please.',
    'Connect a camera first.',
  ];
  assert.deepEqual(after(allow, close, connect), ['met', 'met', 'met']);
  assert.deepEqual(after(allow, close), ['met', 'missed', 'missed']);
  assert.deepEqual(after(allow, close, close), ['met', 'missed', 'met']);
  assert.deepEqual(after(allow, close, 'Something went wrong.'), ['met', 'met', 'missed']);
  assert.deepEqual(after('NotAllowedError', 'NotReadableError', 'NotFoundError'), ['met', 'met', 'missed']);
});

test('a camera is switched when B sees both, the first is free, and one offer was enough', () => {
  const both = ['B sees a wide picture', 'B sees a higher picture'];
  assert.deepEqual(states(switching, [...both, FREE], 1), ['met', 'met', 'met']);
  assert.deepEqual(states(switching, both, 2), ['met', 'missed', 'missed']);
  assert.deepEqual(states(switching, [both[0], FREE], 1).slice(0, 2), ['missed', 'met']);
});

test('a camera is let go of when the console says so', () => {
  assert.deepEqual(states(off, [IN_USE, FREE, 'hung up']), ['met', 'met']);
  assert.deepEqual(states(off, [IN_USE, 'hung up']), ['met', 'missed']);
});
