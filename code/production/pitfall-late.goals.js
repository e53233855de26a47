// @ts-check
// What the exercise “Too late for the event” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, failedCalls, openChannels } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'The channel of the caller opens.',
    missed: 'Open States: how far do the two come?',
    met: (run) => openChannels(run).length >= 1,
  },
  {
    says: 'The question is answered, with the time zone that was loaded.',
    missed: 'When does the event datachannel come, and who listens to it then?',
    met: (run) => arrived(run, 'what is the time? noon, UTC'),
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
