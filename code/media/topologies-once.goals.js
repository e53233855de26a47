// @ts-check
// What the exercise “Sent once” asks for. Pure.
//
// May import: ../goals.js.

import { videosDecoded, videosEncoded } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 20;
/** Streams of pictures are known from statistics. */
export const readsStats = true;

const PEOPLE = 3;
/** So many pictures of each stream show that it is no accident, and that all who send have been counted. */
const ENOUGH = 15;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Each of the three sees both others: six pictures move.',
    missed:
      'Everybody has to watch everybody else. Nobody has to watch their own picture.',
    met: (run) => videosDecoded(run, ENOUGH) >= PEOPLE * (PEOPLE - 1),
  },
  {
    says: 'Each encodes and sends their picture once: there are three outbound-rtp in all.',
    missed:
      'A connection between two people has two encoders, one at each end. Whose connections need only one?',
    holds: (run) => videosEncoded(run) <= PEOPLE,
  },
];
