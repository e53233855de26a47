// @ts-check
// What the exercise “Nothing to see” asks for. Pure.
//
// May import: ../goals.js.

import { picturesDecoded } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 20;
/** Pictures that were decoded are known from statistics. */
export const readsStats = true;

/** Whoever makes a connection so long after the first one, in ms, comes late. */
const LATE = 2_000;
/** So many pictures show that it is no accident. */
const ENOUGH = 8;

/** @param {import('../goals.js').Run} run which of the connections, in the order in which they were made, are late */
const late = ({ model: { connections } }) =>
  connections.map(({ at }) => at - connections[0].at >= LATE);

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Somebody comes two seconds after Ada, or later.',
    missed: 'Ada has to have begun before. Don’t let Cem come earlier.',
    met: (run) => late(run).some((isLate) => isLate),
  },
  {
    says: 'Whoever came so late decodes eight pictures.',
    missed:
      'Packets arrive. Which picture can be decoded without an earlier one, and who has to be asked for it?',
    met(run) {
      const isLate = late(run);
      return picturesDecoded(run).some(
        (pictures, i) => isLate[i] && pictures >= ENOUGH,
      );
    },
  },
];
