// @ts-check
// What the exercise “Who controls?” asks for. Pure.
//
// May import: ../goals.js.

import { connectedSides, said } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

const ROUNDS = [1, 2, 3];

/** Which side of a round has made the offer, and so controls. @param {import('../goals.js').Run} run @param {number} round */
function offering({ model }, round) {
  const sides = model.connections.slice(2 * round - 2, 2 * round);
  return sides.findIndex(({ descriptions }) =>
    descriptions.some(({ type, side }) => type === 'offer' && side === 'local'),
  );
}

/** @param {import('../goals.js').Run} run @param {number} round @param {number} side */
const isNamed = (run, round, side) =>
  said(run, `round ${round}: ${['a', 'b'][side]} controls`);

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Three pairs are connected.',
    missed:
      'Each round connects a with b over a line. The console names the line that failed.',
    met: (run) => connectedSides(run) >= 6,
  },
  {
    says: 'Each round names the side that controls.',
    missed:
      'Look at the rows of a request from each side: which attribute has one of them that the other has not?',
    met: (run) =>
      ROUNDS.every(
        (round) =>
          offering(run, round) >= 0 &&
          isNamed(run, round, offering(run, round)),
      ),
  },
  {
    says: 'No round names the other one.',
    missed: 'Who offers is drawn by lot in each round.',
    holds: (run) =>
      !ROUNDS.some(
        (round) =>
          offering(run, round) >= 0 &&
          isNamed(run, round, 1 - offering(run, round)),
      ),
  },
];
