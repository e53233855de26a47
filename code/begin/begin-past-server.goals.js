// @ts-check
// What the exercise “Past the server” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals, connectedSides } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

const WORD = 'noon';

/** Messages with the word that have arrived on data channels. @param {import('../goals.js').Run} run */
const direct = (run) => arrivals(run).filter(({ text }) => text.includes(WORD));

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Alice and Bob are connected.',
    missed: 'Does the console show an error? Is the server of this page there?',
    met: (run) => connectedSides(run) >= 2,
  },
  {
    says: 'The question arrives on a data channel, and so does the answer.',
    missed:
      'In the Ladder, a thick arrow is a message on a channel. Which of the two is none?',
    met: (run) => new Set(direct(run).map(({ on }) => on)).size >= 2,
  },
  {
    says: 'The server does not hear when they meet.',
    missed:
      'Look in the Ladder for the message that passes through the server’s column, and click it.',
    holds: ({ model }) =>
      model.sockets.every(({ sent, received }) =>
        [...sent, ...received].every(({ text }) => !text.includes(WORD)),
      ),
  },
];
