// @ts-check
// What the exercise “It arrives, and is not seen” asks for. Pure.
//
// May import: ../goals.js.

import { picturesMove } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 12;
/** Pictures that were decoded are known from statistics. */
export const readsStats = true;

/** A busy machine decodes fewer than were painted. */
const MOVES = { seconds: 4, rate: 2 };
/** What the program logs of an element that has a picture and is not paused. */
const PLAYS = /^the element: [1-9]\d*×[1-9]\d*, plays$/;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'B decodes two pictures a second and more, for four seconds.',
    missed: 'States says how far the two came.',
    met: (run) => picturesMove(run, MOVES),
  },
  {
    says: 'The element has a picture, and plays.',
    missed:
      'The console says what the element has: no size is no picture, and paused is not played. What was it given?',
    met: ({ said }) => said.some((entry) => PLAYS.test(entry)),
  },
];
