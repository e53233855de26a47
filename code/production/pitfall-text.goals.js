// @ts-check
// What the exercise “The same answer again” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, connectedSides } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides are connected.',
    missed: 'Open States: how far do the two come?',
    met: (run) => connectedSides(run) >= 2,
  },
  {
    says: 'The message of the caller arrives.',
    missed:
      'The console says where the program ends. Compare the text there with the one in the program.',
    met: (run) => arrived(run, 'hello'),
  },
];
