// @ts-check
// What the exercise “Leave the room” asks for. Pure.
//
// May import: ../goals.js.

import { said } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. The program looks into the room for twelve. */
export const seconds = 20;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Ada is in the room, and leaves.',
    missed: 'She has to have come before she leaves. The program logs it.',
    met: (run) => said(run, 'in the room: 1') && said(run, 'Ada leaves'),
  },
  {
    says: 'Within seven seconds, the server has nobody in the room.',
    missed:
      'For the server, the session goes on. Which request ends it, and where is it sent to?',
    met: (run) =>
      // What is so before she has come does not count.
      said(run, 'Ada leaves') &&
      run.said
        .slice(run.said.findIndex((entry) => entry.includes('Ada leaves')))
        .some((entry) => entry.includes('in the room: 0')),
  },
];
