// @ts-check
// What the exercise “Two channels of one name” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Bob answers: “welcome” arrives.',
    missed:
      'Look at the Ladder: on which channel did “hello” arrive, and on which does Bob listen?',
    met: (run) => arrived(run, 'welcome'),
  },
  {
    says: 'Alice hears it: “thanks” arrives.',
    missed: 'On which channel does Bob answer, and on which does Alice listen?',
    met: (run) => arrived(run, 'thanks'),
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
