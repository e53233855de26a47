// @ts-check
// What the exercise “A camera that came later” asks for. Pure.
//
// May import: ../goals.js.

import { agreedDirections, picturesMove } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 12;
/** Pictures that were decoded are known from statistics. */
export const readsStats = true;

/** A busy machine decodes fewer than were painted. */
const MOVES = { seconds: 4, rate: 2 };

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'B decodes two pictures a second and more, for four seconds.',
    missed:
      'Go along the chain from the top. What has been agreed about this section, and who wished for that?',
    met: (run) => picturesMove(run, MOVES),
  },
  {
    says: 'There is one section of video.',
    missed: 'A second section works as well. The first one can carry it.',
    holds: (run) => agreedDirections(run).length <= 1,
  },
];
