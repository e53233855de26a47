// @ts-check
// What the exercise “One word” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, connectedSides } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** Whether each side that was told of candidates was told of one that a NAT made. @param {import('../goals.js').Run} run */
const areBehindNats = ({ model }) =>
  model.connections
    .filter(({ remoteCandidates }) => remoteCandidates.length > 0)
    .every(({ remoteCandidates }) =>
      remoteCandidates.some(({ text }) => text.includes(' typ srflx')),
    );

/** @param {import('../goals.js').Run} run */
const isRelayed = ({ model }) =>
  model.connections.some(({ remoteCandidates }) =>
    remoteCandidates.some(({ text }) => text.includes(' typ relay')),
  );

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides are connected.',
    missed:
      'Find this pair in the matrix. Which of its four neighbours, one word away, has a plus?',
    met: (run) => connectedSides(run) >= 2,
  },
  {
    says: 'A message goes through both NATs.',
    missed:
      'The caller sends one when its channel opens, and that needs a way first.',
    met: (run) => arrived(run, ''),
  },
  {
    says: 'Both are still behind a NAT, and nothing is relayed.',
    missed: 'A side that has a public address gives away no srflx candidate.',
    holds: (run) => areBehindNats(run) && !isRelayed(run),
  },
];
