// @ts-check
// What the exercise “Five sides, four connections” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals } from '../goals.js';

const NAMES = ['Ada', 'Ben', 'Cem', 'Dia', 'Eva'];

/**
 * What arrived of what one of them says.
 * @param {import('../goals.js').Run} run
 * @param {string} name
 */
const heard = (run, name) => arrivals(run, `${name} says hello`);

/** So long, in ms, after the last message it counts: another one may still come round in a circle. */
const QUIET = 500;

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'At most four connections are made, which have eight ends.',
    missed:
      'Count the calls of connect(): who needs a connection to whom, if one of them passes on what the others say?',
    holds: ({ model }) =>
      model.connections.length > 0 && model.connections.length <= 8,
  },
  {
    says: 'What each of the five says arrives at the four others.',
    missed:
      'Whoever has several channels has to send on what comes in by one of them.',
    met(run) {
      const last = Math.max(...arrivals(run).map(({ at }) => at));
      return (
        run.elapsed - last >= QUIET &&
        NAMES.every(
          (name) => new Set(heard(run, name).map(({ on }) => on)).size >= 4,
        )
      );
    },
  },
  {
    says: 'Nothing arrives twice.',
    missed:
      'A message must not go back to where it came from, nor in a circle.',
    holds: (run) => NAMES.every((name) => heard(run, name).length <= 4),
  },
];
