// @ts-check
// What the exercise “Survive a lost answer” asks for. Pure.
//
// May import: ../goals.js.

import { arrived, connectedSides } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

/** With this seed the first answer to the caller is lost, and nothing after it that a repair may say. */
export const faults = [
  { id: 'lose', amounts: { percent: 10, of: 'descriptions', seed: 857 } },
];

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'An answer was lost.',
    missed:
      'No answer was lost yet: leave the caller the first connection that the program makes.',
    met: ({ model }) =>
      model.connections.some(({ calls }) =>
        calls.some(
          ({ name, type, outcome }) =>
            name === 'setRemoteDescription' &&
            type === 'answer' &&
            outcome === 'lost',
        ),
      ),
  },
  {
    says: 'Both sides are connected.',
    missed:
      'Open States: in which signaling state does the caller wait, and who could notice?',
    met: (run) => connectedSides(run) >= 2,
  },
  {
    says: 'The message of the caller has arrived.',
    missed: 'A channel sends when it is open. In which state is it?',
    met: (run) => arrived(run, 'hello'),
  },
];
