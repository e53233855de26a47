// @ts-check
// What the exercise “Agreed, and never connected” asks for. Pure.
//
// May import: ../goals.js.

import { failedCalls } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** For so many ms ICE is to stay where it is: longer than any browser needs to give up. */
const STILL = 8_000;

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 12;

/** The connections that have set an offer, and have an answer to it. @param {Run} run */
const agreed = ({ model }) =>
  model.connections.filter(
    ({ states: { signaling } }) =>
      signaling.length > 1 &&
      signaling[signaling.length - 1].value === 'stable',
  );

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides have offer and answer: from stable to stable.',
    missed: 'The offer and the answer still have to be exchanged.',
    met: (run) => agreed(run).length >= 2,
  },
  {
    says: 'Eight seconds have passed.',
    missed: 'Let it run.',
    met: ({ elapsed }) => elapsed >= STILL,
  },
  {
    says: 'ICE has never left “new”, on either side.',
    missed: 'States shows when it moved. What was it looking for a way for?',
    holds: ({ model }) =>
      model.connections.every(
        ({ closedAt, states }) =>
          closedAt === undefined &&
          states.ice.every(({ value }) => value === 'new'),
      ),
  },
  {
    says: 'No call fails.',
    missed:
      'The console says which call failed, and the editor marks its line.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
