// @ts-check
// What the exercise “The light is still on” asks for. Pure.
//
// May import: ../goals.js.

import { said } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'The camera is in use, and the call is hung up.',
    missed: 'The program has to come to its end.',
    met: (run) =>
      said(run, 'Front camera (stand-in) is in use.') && said(run, 'hung up'),
  },
  {
    says: 'The camera is free.',
    missed:
      'Something still uses it. How many tracks of the camera does the program have?',
    met: (run) => said(run, 'Front camera (stand-in) is free.'),
  },
];
