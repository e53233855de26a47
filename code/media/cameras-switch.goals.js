// @ts-check
// What the exercise “The other camera” asks for. Pure.
//
// May import: ../goals.js.

import { offersSet, said } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 15;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'B sees the front camera, which is wide, and then the back camera.',
    missed: 'Both pictures have to reach B. What does its video show?',
    met: (run) =>
      said(run, 'B sees a wide picture') &&
      said(run, 'B sees a higher picture'),
  },
  {
    says: 'The front camera is free again.',
    missed:
      'The sender has let go of its track, but the track goes on. On a phone the other camera may not start before.',
    met: (run) => said(run, 'Front camera (stand-in) is free.'),
  },
  {
    says: 'One offer is enough: nothing is negotiated again.',
    missed:
      'Removing a track and adding one are negotiated. The sender can stay, with another track.',
    holds: (run) => offersSet(run) <= 1,
  },
];
