// @ts-check
// What the exercise “Come back” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals, arrived } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 20;

/** Ben talks twice a second, and the server is lost when he has talked for one. */
const GOES_ON = 10;
/** Once a second is often enough, and ten times is not. */
const MOST_REFUSED = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Ada goes on hearing Ben, whose call had begun before.',
    missed:
      'A call that stands needs no server. Open the Ladder: who has ended it?',
    met: (run) => arrivals(run, 'Ben').length >= GOES_ON,
  },
  {
    says: 'Carol, who calls while the server is away, reaches Ada after it.',
    missed:
      'The server does not look for Ada. How often does she look for the server?',
    met: (run) => arrived(run, 'Carol'),
  },
  {
    says: 'The server refuses Ada six times at most.',
    missed: 'Ada is one of thousands. Let her wait longer after each refusal.',
    holds: ({ said }) =>
      said.filter((entry) => entry.includes('the server refuses')).length <=
      MOST_REFUSED,
  },
];
