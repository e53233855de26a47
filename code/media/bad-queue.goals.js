// @ts-check
// What the exercise “In time on a narrow line” asks for. Pure.
//
// May import: ../goals.js.

import { longestRoundTrip, picturesMove } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 40;
/** Pictures that were decoded, and round trips, are known from statistics. */
export const readsStats = true;

/** What the exercise breaks, as Break it has it. A full queue lasts for 4 s. @type {import('../goals.js').Broken[]} */
export const faults = [
  {
    id: 'bad-line',
    line: {
      both: { delay: 10, queue: 30_000 },
      timeline: 'rate 60 kbit/s at 4 s',
    },
  },
];

/** Most of these seconds come after the line has become narrow. A busy machine decodes fewer pictures than were painted. */
const MOVES = { seconds: 20, rate: 1 };
/** The line takes 20 ms, and a busy machine more; a queue that is filled adds seconds. */
const MOST_MS = 1_000;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'For twenty seconds pictures come, one a second and more.',
    missed: 'Do the two connect, and does A send a picture at all?',
    met: (run) => picturesMove(run, MOVES),
  },
  {
    says: 'No round trip takes a second.',
    missed:
      'Stats shows the round trip. What A sends beyond 60 kbit/s waits in the queue of the line, and all that comes later waits behind it.',
    holds: (run) => longestRoundTrip(run) < MOST_MS,
  },
];
