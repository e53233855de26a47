// @ts-check
// What the exercise “Who calls” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, failedCalls, offerers } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Each of the two reads what the other says.',
    missed:
      'Follow the descriptions in the Ladder. Which of them are refused, and why?',
    met: (run) =>
      arrived(run, 'hello from ada') && arrived(run, 'hello from ben'),
  },
  {
    says: 'One of them offers, and the other answers.',
    missed:
      'The console says who calls. What do both sides know by which they could tell whose turn it is?',
    holds: (run) => offerers(run) === 1,
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
