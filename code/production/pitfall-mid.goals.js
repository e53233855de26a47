// @ts-check
// What the exercise “Half a candidate” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, connectedSides, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides are connected.',
    missed: 'Open Candidates: how many did the answerer take?',
    met: (run) => connectedSides(run) >= 2,
  },
  {
    says: 'The message of the caller arrives.',
    missed: 'It waits for the channel to open.',
    met: (run) => arrived(run, 'hello'),
  },
  {
    says: 'No call fails.',
    missed:
      'The Ladder marks the calls that failed, also those whose errors the program throws away.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
