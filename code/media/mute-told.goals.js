// @ts-check
// What the exercise “Muted from the beginning” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 15;

/** What B was told, in order: whether A is muted. @param {Run} run @returns {boolean[]} */
const told = (run) => arrivals(run).map(({ text }) => JSON.parse(text).isMuted);

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'A is muted before B can be told anything.',
    missed: 'Whoever joins muted is muted from the beginning.',
    holds({ said }) {
      const open = said.indexOf('the channel is open');
      return open < 0 || said.slice(0, open).includes('A is muted: true');
    },
  },
  {
    says: 'B is told that A is muted.',
    missed:
      'In Ladder, count the messages on the channel. What was said before it was open?',
    met: (run) => told(run).includes(true),
  },
  {
    says: 'Then B is told that A is muted no more.',
    missed: 'What was said has to be taken back when it is no longer so.',
    met(run) {
      const first = told(run).indexOf(true);
      return first >= 0 && told(run).indexOf(false, first) > first;
    },
  },
];
