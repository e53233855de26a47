// @ts-check
// What the exercise “A key for B alone” asks for. Pure.
//
// May import: ../goals.js.

import { picturesDecoded } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;
/** Pictures that were decoded are known from statistics. */
export const readsStats = true;

/** So many pictures show that it is no accident. */
const ENOUGH = 20;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'B decodes twenty pictures.',
    missed:
      'A has sent its key, on a data channel. In Ladder, look who takes the message.',
    met: (run) => picturesDecoded(run).some((pictures) => pictures >= ENOUGH),
  },
  {
    says: 'C, which has no key, decodes none.',
    missed: 'What A sends has to stay encrypted.',
    holds: (run) =>
      picturesDecoded(run).filter((pictures) => pictures > 0).length <= 1,
  },
];
