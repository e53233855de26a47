// @ts-check
// What the exercise “Catch her by code” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** @param {import('../goals.js').Run} run */
const warnings = ({ said }) =>
  said.filter((entry) => entry.includes('DANGER')).length;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'In the two calls without Mallory, Bob reads the message.',
    missed:
      'Without Mallory, what Alice was told and what Bob has are the same. Does your check hear that from Bob?',
    met: (run) => arrivals(run, 'Let us meet at noon').length >= 2,
  },
  {
    says: 'In the two calls with Mallory, the console says DANGER.',
    missed:
      'Log both fingerprints that are compared. Whose hands has each gone through?',
    met: (run) => warnings(run) >= 2,
  },
  {
    says: 'Mallory reads nothing.',
    missed:
      'A message for Bob went to her. Alice has to know before she sends.',
    holds: (run) =>
      arrivals(run, 'Let us meet at noon').length <= 2 &&
      arrivals(run, 'Let us meet at midnight').length === 0,
  },
  {
    says: 'There is no false alarm.',
    missed: 'DANGER was said in a call that Mallory had no part in.',
    holds: (run) => warnings(run) <= 2,
  },
];
