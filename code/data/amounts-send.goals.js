// @ts-check
// What the exercise “Never more than 1 MiB” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals, failedCalls } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 15;

const MIB = 1_048_576;
const ALL = 4 * MIB;
/**
 * Bytes that may have been sent and not have arrived. Events don't say what is queued. To that comes what is on the line, which holds 64 KiB, and
 * what the page has not been told of yet.
 */
const MOST = 1.5 * MIB;

/** What the exercise breaks, as Break it has it. @type {import('../goals.js').Broken[]} */
export const faults = [
  { id: 'bad-line', line: { both: { delay: 10, rate: 8_000 } } },
];

/** @param {{ size: number | undefined }[]} messages */
const bytesOf = (messages) =>
  messages.reduce((sum, { size = 0 }) => sum + size, 0);

/** The most bytes that had been sent and had not arrived, at any time. @param {Run} run */
function mostUnderWay({ events }) {
  let underWay = 0;
  let most = 0;
  for (const { type, on, side, size = 0 } of events) {
    if (type !== 'message' || !on.startsWith('ch')) continue;
    underWay += side === 'out' ? size : -size;
    most = Math.max(most, underWay);
  }
  return most;
}

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: '4 MiB arrive.',
    missed:
      'What has stopped? Somebody has to go on sending each time the queue has room.',
    met: (run) => bytesOf(arrivals(run)) >= ALL,
  },
  {
    says: 'Never is more than 1 MiB queued.',
    missed:
      'At one time far more than 1 MiB was sent and had not arrived. When should the loop rest?',
    holds: (run) => mostUnderWay(run) <= MOST,
  },
  {
    says: 'No call fails.',
    missed: 'The console says which line failed, and the editor marks it.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
