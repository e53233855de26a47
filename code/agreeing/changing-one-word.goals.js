// @ts-check
// What the exercise “One word” asks for. Pure.
//
// May import: ../goals.js.

import {
  connectedSides,
  failedCalls,
  offerers,
  openChannels,
} from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides have made an offer.',
    missed:
      'There is no glare to deal with: each side is to make its channel and its offer, as in the beginning.',
    met: (run) => offerers(run) >= 2,
  },
  {
    says: 'Both sides are connected.',
    missed:
      'Follow the two offers in the Ladder. What does the console say of each side?',
    met: (run) => connectedSides(run) >= 2,
  },
  {
    says: 'The channels of both sides are open.',
    missed: 'Each channel has two ends. Which of the four ends has not opened?',
    met: (run) => openChannels(run).length >= 4,
  },
  {
    says: 'No description is refused.',
    missed:
      'The console says which description was refused, and in which state.',
    holds: (run) =>
      failedCalls(run).every(({ name }) => name === 'addIceCandidate'),
  },
];
