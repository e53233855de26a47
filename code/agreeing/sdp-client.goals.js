// @ts-check
// What the exercise “Let the caller begin” asks for. Pure.
//
// May import: ../goals.js.

import { failedCalls, openChannels } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** The connections that have taken an answer whose side waits for DTLS to begin. @param {Run} run */
const withPassiveAnswer = ({ model }) =>
  model.connections.filter(({ calls }) =>
    calls.some(
      ({ name, type, text, outcome }) =>
        name === 'setRemoteDescription' &&
        type === 'answer' &&
        outcome === 'done' &&
        /^a=setup:passive/m.test(text),
    ),
  );

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'The caller takes an answer that says a=setup:passive.',
    missed:
      'The answerer may choose as long as the offer says actpass. What leaves it only one choice?',
    met: (run) => withPassiveAnswer(run).length > 0,
  },
  {
    says: 'The channel is open on both sides.',
    missed:
      'DTLS has to begin on exactly one side. Has each side heard the same about it?',
    met: (run) => {
      const callers = withPassiveAnswer(run).map(({ id }) => id);
      const open = openChannels(run);
      return open.length >= 2 && open.some(({ of }) => callers.includes(of));
    },
  },
  {
    says: 'No call fails.',
    missed:
      'The console says which call failed, and the editor marks its line.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
