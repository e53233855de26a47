// @ts-check
// What the exercise “Words that can be read” asks for. Pure.
//
// May import: ../goals.js.

import { picturesDecoded, picturesSent } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 30;
/** Sizes, rates and decoded pictures are known from statistics. */
export const readsStats = true;

/** So many pictures show that it is no accident. */
const ENOUGH = 8;
/** All lines of the card, and more kbit/s than the program allows: what has just been allowed is not kept to at once. */
const SLIDE = { seconds: 8, lines: 360, rate: 1, kbits: 200 };

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'One side has decoded eight pictures.',
    missed: 'States says how far the two came.',
    met: (run) => picturesDecoded(run).some((pictures) => pictures >= ENOUGH),
  },
  {
    says: 'For eight seconds, A sends all 360 lines, at least one picture a second, and at most 200 kbit/s.',
    missed:
      'The console says how many lines are sent. Who takes them away: the program, or the browser?',
    met: (run) => picturesSent(run, SLIDE),
  },
];
