// @ts-check
// What the exercise “Forgotten, and still open” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  ...['Bob', 'Carol', 'Dan'].map((name) => ({
    says: `${name} is welcomed.`,
    missed: 'Who is closed too early hears nothing any more.',
    met: (/** @type {import('../goals.js').Run} */ run) =>
      arrived(run, `welcome, ${name}`),
  })),
  {
    says: 'In the end, every connection is closed.',
    missed:
      'Open States: which connections does nobody close? Forgetting one does not close it.',
    holds: ({ model: { connections } }) =>
      connections.length > 0 &&
      connections.every(({ closedAt }) => closedAt !== undefined),
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
