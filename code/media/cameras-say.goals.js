// @ts-check
// What the exercise “Say what went wrong” asks for. Pure.
//
// May import: ../goals.js.

import { said } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** A sentence has so many words; the name of an error is none. */
const WORDS = 3;

/** What the program has said of the attempts that failed, one by one. @param {Run} run @returns {string[]} */
const sentences = (run) =>
  [1, 2, 3].map((attempt) => {
    const begin = `attempt ${attempt}: `;
    const entry = run.said.find((one) => one.startsWith(begin)) ?? '';
    return entry.slice(begin.length);
  });

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Three requests fail, and the fourth gets the camera.',
    missed:
      'Is the control at “denied, busy, none in turn”? After these, the camera works.',
    met: (run) => said(run, 'camera (stand-in) is in use.'),
  },
  {
    says: 'The user reads another sentence after each of the three.',
    missed: 'Three errors with three names need three pieces of advice.',
    met: (run) =>
      sentences(run).every(Boolean) && new Set(sentences(run)).size === 3,
  },
  {
    says: 'Each is a sentence, and none says only that something went wrong.',
    missed:
      'Who reads “Something went wrong”, or the name of an error, does not know what to do.',
    met: (run) =>
      sentences(run).every(
        (one) =>
          one.split(/\s+/).length >= WORDS &&
          !one.includes('Something went wrong'),
      ),
  },
];
