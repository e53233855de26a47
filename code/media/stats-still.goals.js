// @ts-check
// What the exercise “Does it move?” asks for. Pure.
//
// May import: ../goals.js.

import { stoodStill } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 30;
/** Pictures that were decoded are known from statistics. */
export const readsStats = true;

/** For so long no picture comes, at least. The line is cut for longer, but it is known from two readings within that. */
const STILL = 1;
const [MOVES, STANDS] = ['the picture moves', 'the picture stands still'];

/** Whether the program has logged some texts in this order, with anything between. @param {Run} run @param {string[]} texts */
function saidInOrder({ said }, texts) {
  let from = 0;
  return texts.every((text) => {
    const found = said.findIndex(
      (entry, i) => i >= from && entry.includes(text),
    );
    from = found + 1;
    return found >= 0;
  });
}

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Pictures come, then none for a while, and then they come again.',
    missed: 'The program cuts the line. Do the two connect at all?',
    met: (run) => stoodStill(run, STILL),
  },
  {
    says: 'The program says that the picture moves, and then that it stands still.',
    missed:
      'How many pictures have been decoded since the start: can that number ever be 0 again?',
    met: (run) => saidInOrder(run, [MOVES, STANDS]),
  },
  {
    says: 'After that it says again that the picture moves.',
    missed:
      'When the line is mended, new pictures come. What are they compared with?',
    met: (run) => saidInOrder(run, [MOVES, STANDS, MOVES]),
  },
];
