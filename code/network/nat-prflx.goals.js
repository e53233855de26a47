// @ts-check
// What the exercise “Seen by one side only” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals, connectedSides } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

const SAYS = 'I see you as ';

/** What each end of the channel was told last of how it is seen. @param {import('../goals.js').Run} run */
const seen = (run) => [
  ...new Map(
    arrivals(run, SAYS).map(({ on, text }) => [on, text.slice(SAYS.length)]),
  ).values(),
];

/** Whether each side that was told of candidates was told of one that a NAT made. @param {import('../goals.js').Run} run */
const areBehindNats = ({ model }) =>
  model.connections
    .filter(({ remoteCandidates }) => remoteCandidates.length > 0)
    .every(({ remoteCandidates }) =>
      remoteCandidates.some(({ text }) => text.includes(' typ srflx')),
    );

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides are connected, and each has said how it sees the other.',
    missed: 'Not every pair of NATs has a way. The matrix says which do.',
    met: (run) => connectedSides(run) >= 2 && seen(run).length >= 2,
  },
  {
    says: 'Exactly one side sees the other as prflx.',
    missed:
      'A side is seen as prflx when it sends by another port than the one that the STUN server saw.',
    met: (run) =>
      seen(run).length === 2 &&
      seen(run).filter((type) => type === 'prflx').length === 1,
  },
  {
    says: 'Both are behind a NAT.',
    missed: 'A side that has a public address gives away no srflx candidate.',
    holds: areBehindNats,
  },
];
