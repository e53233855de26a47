// @ts-check
// What the exercise “Both ways in one section” asks for. Pure.
//
// May import: ../goals.js.

import { agreedDirections, picturesDecoded } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 15;
/** Pictures that were decoded are known from statistics. */
export const readsStats = true;

/** So many pictures show that it is no accident. */
const ENOUGH = 10;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Each side has decoded ten pictures of the other.',
    missed:
      'In SDP, look at the answer: does it say that B sends? And which transceiver of B has the track?',
    met: (run) => {
      const [first = 0, second = 0] = picturesDecoded(run);
      return first >= ENOUGH && second >= ENOUGH;
    },
  },
  {
    says: 'Both ways share one media section, which is agreed as sendrecv.',
    missed:
      'Another section works as well, and costs another offer. The one that A has offered goes both ways.',
    // As long as nothing is agreed, nothing is wrong.
    holds: (run) => ['', 'sendrecv'].includes(agreedDirections(run).join()),
  },
];
