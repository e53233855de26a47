// @ts-check
// What the exercise “Only far away” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

/** What the exercise breaks, as Break it has it: a round trip takes 0.8 s, and a channel opens after more than three. @type {import('../goals.js').Broken[]} */
export const faults = [{ id: 'bad-line', line: { both: { delay: 400 } } }];

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'The message of the caller arrives.',
    missed:
      'Open States: how far do the two come? Then look in the Ladder for what ends it.',
    met: (run) => arrived(run, 'hello'),
  },
  {
    says: 'No connection was closed before.',
    missed:
      'The Ladder has a call of close(). Was the other side really not there?',
    holds: ({ model }) =>
      model.connections.every(({ closedAt }) => closedAt === undefined),
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
