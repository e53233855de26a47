// @ts-check
// What the exercise “One connection for two guests” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Bob’s answer arrives.',
    missed: 'Open States: with whom is Alice connected?',
    met: (run) => arrived(run, 'hello from Bob'),
  },
  {
    says: 'Carol’s answer arrives.',
    missed: 'In which state is Alice’s connection when Carol’s answer comes?',
    met: (run) => arrived(run, 'hello from Carol'),
  },
  {
    says: 'No call fails.',
    missed: 'The Ladder marks the call that failed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
