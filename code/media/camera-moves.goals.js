// @ts-check
// What the exercise “A clock that goes” asks for. Pure.
//
// May import: ../goals.js.

import { connectedSides, picturesMove } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 15;
/** Pictures that were decoded are known from statistics. */
export const readsStats = true;

/** Firefox repeats one picture once a second; a busy machine decodes fewer than were painted. */
const MOVES = { seconds: 4, rate: 2 };

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides are connected.',
    missed: 'States says how far they came.',
    met: (run) => connectedSides(run) === 2,
  },
  {
    says: 'One side decodes two pictures a second and more, for four seconds.',
    missed:
      'The connection is there, and so is the track. How often does the program paint?',
    met: (run) => picturesMove(run, MOVES),
  },
];
