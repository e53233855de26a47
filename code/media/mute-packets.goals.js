// @ts-check
// What the exercise “Silent, and not a packet” asks for. Pure.
//
// May import: ../goals.js.

import { offersSet, picturesDecodedAfter, quietUntil } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 30;
/** Packets that were sent are known from statistics. */
export const readsStats = true;

/** No packet for so long, in ms. Firefox sends a black picture once a second. */
const QUIET = 5_000;
/** So many pictures show that it is no accident. */
const ENOUGH = 5;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'For five seconds, A sends no packet of its picture.',
    missed:
      'Black pictures are packets, too. Which ways of the first demo send none, in this browser and in the other?',
    met: (run) => quietUntil(run, QUIET) !== undefined,
  },
  {
    says: 'After that, B decodes five more pictures.',
    missed: 'What was switched off has to be switched on again.',
    met(run) {
      const end = quietUntil(run, QUIET);
      return end !== undefined && picturesDecodedAfter(run, end) >= ENOUGH;
    },
  },
  {
    says: 'One offer is enough: nothing is negotiated again.',
    missed:
      'SDP has a second offer. A change of direction needs one, and so does stop().',
    holds: (run) => offersSet(run) <= 1,
  },
];
