// @ts-check
// What the exercise “Failed, with a way that works” asks for. Pure.
//
// May import: ../goals.js.

import { failedCalls } from '../goals.js';

/** @typedef {import('../../book/stage/instruments/model/model.js').State} State */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

/** @param {State[]} states */
const last = (states) => states[states.length - 1].value;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'ICE is connected on both sides.',
    missed:
      'ICE needs the candidates, and the password that really belongs to each side.',
    met: ({ model }) =>
      model.connections.filter(({ states }) => last(states.ice) === 'connected')
        .length >= 2,
  },
  {
    says: 'At the same time, both connections have failed.',
    missed:
      'Which other machine is part of connectionState, and what does it compare?',
    met: ({ model }) =>
      model.connections.filter(
        ({ states }) =>
          last(states.ice) === 'connected' &&
          last(states.connection) === 'failed',
      ).length >= 2,
  },
  {
    says: 'Nobody has closed anything, and no call fails.',
    missed: 'The Ladder shows calls of close(), and marks those that failed.',
    holds: (run) =>
      failedCalls(run).length === 0 &&
      run.model.connections.every(({ closedAt }) => closedAt === undefined),
  },
];
