// @ts-check
// What the exercise “A key that is never let go” asks for. Pure.
//
// May import: ../goals.js.

import { said } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'While the key is held, the microphone is open.',
    missed: 'The key has to open it as before.',
    met({ said: entries }) {
      const away = entries.indexOf('another window is in front');
      const open = entries.indexOf('The microphone is open.');
      return open >= 0 && away > open;
    },
  },
  {
    says: 'When another window is in front, nothing of the room is sent.',
    missed:
      'There is no keyup in this page. Which event does it get in its place?',
    met: (run) => said(run, 'meanwhile, what is said here can not be heard'),
  },
];
