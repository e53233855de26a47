// @ts-check
// What the exercise “Another network, the same channel” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals, openChannels } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 30;

/** No messages for so long, in ms: the line was cut. */
const SILENCE = 3_000;
/** A message that was sent so long before the last one arrived, in ms, should be there. */
const ON_ITS_WAY = 2_000;

/** When the first message after the silence arrived. @param {Run} run */
function backAt(run) {
  const times = arrivals(run).map(({ at }) => at);
  return times.find((at, i) => i > 0 && at - times[i - 1] >= SILENCE);
}

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Messages arrive again, after the line is cut.',
    missed:
      'Open States: how long does A stay disconnected, and what does the program do then?',
    met: (run) => backAt(run) !== undefined,
  },
  {
    says: 'None that was said meanwhile is missing.',
    missed:
      'What a channel has queued goes with it. Does the program make a new one?',
    met(run) {
      if (backAt(run) === undefined) return false;
      const here = new Set(arrivals(run).map(({ text }) => text));
      const last = Math.max(...arrivals(run).map(({ at }) => at));
      return run.events
        .filter(
          ({ type, side, on }) =>
            type === 'message' && side === 'out' && on.startsWith('ch'),
        )
        .every(({ text, at }) => here.has(text) || at > last - ON_ITS_WAY);
    },
  },
  {
    says: 'It is still the same connection, and the same channel.',
    missed: 'Two more connections were made: the Ladder has columns for them.',
    holds: (run) =>
      run.model.connections.length <= 2 && openChannels(run).length <= 2,
  },
];
