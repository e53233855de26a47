// @ts-check
// What the exercise “Asked too late” asks for. Pure.
//
// May import: ../goals.js.

import { codecsSent, picturesDecoded } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 20;
/** Codecs and decoded pictures are known from statistics. */
export const readsStats = true;

/** So many pictures show that it is no accident. */
const ENOUGH = 10;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'One side has decoded ten pictures.',
    missed: 'States says how far the two came.',
    met: (run) => picturesDecoded(run).some((pictures) => pictures >= ENOUGH),
  },
  {
    says: 'The pictures are sent in VP9.',
    missed:
      'In SDP, look at the offer: which codec stands first, and when was the other order asked for?',
    met: (run) => codecsSent(run).includes('video/VP9'),
  },
];
