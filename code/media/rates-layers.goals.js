// @ts-check
// What the exercise “Only the large one” asks for. Pure.
//
// May import: ../goals.js.

import { offersSet, onlyLargeDecoded, streamsDecoded } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 30;
/** Pictures that were decoded are known from statistics. */
export const readsStats = true;

/** A busy machine sends few pictures, but some of each layer. */
const LARGE = { seconds: 6, rate: 1 };

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'B decodes pictures of both layers.',
    missed: 'Before one is switched off, both have to come.',
    met: (run) => streamsDecoded(run) >= 2,
  },
  {
    says: 'Then, for six seconds, it decodes none of the small layer, and goes on with the large one.',
    missed:
      'Which property of an encoding says whether it is sent? And which of the two encodings is the small one?',
    met: (run) => onlyLargeDecoded(run, LARGE),
  },
  {
    says: 'One offer is enough: nothing is negotiated again.',
    missed: 'SDP has a second offer. Parameters need none.',
    holds: (run) => offersSet(run) <= 1,
  },
];
