// @ts-check
// What the exercise “One behind the other” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, connectedSides, failedCalls } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** How many connections have found a way, at any time. @param {import('../goals.js').Run} run */
const sidesWithWay = ({ model }) =>
  model.connections.filter(({ states }) =>
    states.ice.some(({ value }) => /^(connected|completed)$/.test(value)),
  ).length;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'There is a way: ICE is connected on both sides.',
    missed:
      'Candidates are handed over, and no check is answered. Which line of a description signs the checks? Compare it in SDP, where it was made and where it was set.',
    met: (run) => sidesWithWay(run) >= 2,
  },
  {
    says: 'There are keys: both connections are connected.',
    missed:
      'The next step after ICE is DTLS. Which lines of a description are about it, and what became of them?',
    met: (run) => connectedSides(run) >= 2,
  },
  {
    says: 'The question is answered.',
    missed:
      'The last step is the program. Who listens to the channel that has opened?',
    met: (run) => arrived(run, 'When? At noon.'),
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
