// @ts-check
// What the exercise “The headset runs empty” asks for. Pure.
//
// May import: ../goals.js.

import { offersSet, said } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

/** Where the program says so first; below 0 if it doesn't. @param {Run} run @param {string} text */
const place = (run, text) =>
  run.said.findIndex((entry) => entry.includes(text));

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'While the headset is there, A sends what it hears.',
    missed:
      'It was chosen on an earlier visit, and no other microphone should be taken before it.',
    met(run) {
      const headset = place(run, 'A sends Headset microphone');
      const other = place(run, 'A sends Built-in microphone');
      return headset >= 0 && (other < 0 || other > headset);
    },
  },
  {
    says: 'When it is gone, A sends what the other microphone hears.',
    missed:
      'It is plugged in and would do. What has the request asked for that it does not have?',
    met(run) {
      const gone = place(run, 'Headset microphone (stand-in) was pulled out.');
      const other = place(run, 'A sends Built-in microphone');
      return (
        gone >= 0 &&
        other > gone &&
        said(run, 'Built-in microphone (stand-in) is in use.')
      );
    },
  },
  {
    says: 'One offer is enough: nothing is negotiated again.',
    missed: 'The sender can stay, with another track.',
    holds: (run) => offersSet(run) <= 1,
  },
];
