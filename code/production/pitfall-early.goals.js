// @ts-check
// What the exercise “Candidates that come first” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, connectedSides, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides are connected.',
    missed: 'Open Candidates: which of the caller’s did the answerer take?',
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
      'The Ladder marks each candidate that was refused. What had the answerer set by then?',
    holds: (run) => failedCalls(run).length === 0,
  },
];
