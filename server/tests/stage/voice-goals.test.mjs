// @ts-check
// The exercises about voices: what their goals take for solved, and what not.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createJudge } from '../../../book/stage/exercise/judge.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import * as kept from '../../../code/media/voice-kept.goals.js';
import * as stuck from '../../../code/media/voice-stuck.goals.js';

/** @param {{ goals: import('../../../code/goals.js').Goal[] }} exercise @param {string[]} said @param {number} [offers] */
function states({ goals }, said, offers = 0) {
  const descriptions = Array.from({ length: offers }, () => ({ side: 'local', type: 'offer' }));
  const model = /** @type {any} */ ({ ...modelOf([]), connections: [{ descriptions }] });
  return createJudge(goals, 0).look({ model, events: [], said, readings: [], elapsed: 1 }).states;
}

test('a key that is never let go: it opens the microphone, and another window closes it', () => {
  const [open, closed] = ['The microphone is open.', 'The microphone is closed.'];
  const away = 'another window is in front';
  const [heard, silent] = ['can be heard', 'can not be heard'].map((words) => `meanwhile, what is said here ${words}`);
  assert.deepEqual(states(stuck, [closed, open, away, heard]), ['met', 'missed']);
  assert.deepEqual(states(stuck, [closed, open, away, closed, silent]), ['met', 'met']);
  assert.deepEqual(states(stuck, [closed, away, silent]), ['missed', 'met'], 'it has never opened');
});

test('the headset is used while it is there, then the other microphone, by one offer', () => {
  const headset = 'A sends Headset microphone (stand-in)';
  const gone = 'Headset microphone (stand-in) was pulled out.';
  const other = ['Built-in microphone (stand-in) is in use.', 'A sends Built-in microphone (stand-in)'];
  assert.deepEqual(states(kept, [headset, gone, ...other], 1), ['met', 'met', 'met']);
  assert.deepEqual(states(kept, [headset, gone], 1).slice(0, 2), ['met', 'missed']);
  assert.deepEqual(states(kept, other, 1).slice(0, 2), ['missed', 'missed'], 'the headset was never used');
  assert.deepEqual(states(kept, [headset, gone, ...other], 2), ['met', 'met', 'missed']);
});
