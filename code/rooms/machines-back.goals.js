// @ts-check
// What the exercise “The one who comes back” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 14;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Ada reads what Ben says on his first visit, and on his second.',
    missed:
      'Ben announces himself again. What does Ada find in peers under his name?',
    met: (run) => arrived(run, 'first visit') && arrived(run, 'second visit'),
  },
  {
    says: 'In the end only the two sides of the second visit are open.',
    missed:
      'Open States: who closes Ada’s side of the first visit? Forgetting a connection does not close it.',
    holds: ({ model: { connections } }) =>
      connections.length >= 4 &&
      connections.filter(({ closedAt }) => closedAt === undefined).length === 2,
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
