// @ts-check
// What the exercise “Repair a program” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals, connectedSides, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides are connected.',
    missed:
      'Open States: one side never leaves have-local-offer. What is it waiting for?',
    met: (run) => connectedSides(run) >= 2,
  },
  {
    says: 'A message arrives on each side.',
    missed: 'A channel carries nothing before its open event.',
    met: (run) => new Set(arrivals(run).map(({ on }) => on)).size >= 2,
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed, and the editor marks it.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
