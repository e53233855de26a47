// @ts-check
// What the exercise “Eleven lines” asks for. Pure.
//
// May import: ../goals.js.

import { failedCalls, openChannels } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** Lines that the shortest offer of both browsers together has. */
const MOST_LINES = 11;

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** @param {string} sdp */
const linesOf = (sdp) => sdp.trim().split(/\r?\n/).length;

/** The connections that were given a short offer, and have taken it. @param {Run} run */
const withShortOffer = ({ model }) =>
  model.connections.filter(({ calls }) =>
    calls.some(
      ({ name, type, text, outcome }) =>
        name === 'setRemoteDescription' &&
        type === 'offer' &&
        outcome === 'done' &&
        linesOf(text) <= MOST_LINES,
    ),
  );

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: `The answerer takes an offer of at most ${MOST_LINES} lines.`,
    missed:
      'The SDP panel says of each line what it is for: which of them would nobody miss between these two?',
    met: (run) => withShortOffer(run).length > 0,
  },
  {
    says: 'The channel is open on both sides.',
    missed:
      'A line that is needed has gone. Put back the last one that you took.',
    met: (run) => {
      const short = withShortOffer(run).map(({ id }) => id);
      const open = openChannels(run);
      return open.length >= 2 && open.some(({ of }) => short.includes(of));
    },
  },
  {
    says: 'No call fails.',
    missed:
      'The browser has refused the offer. The console says which line it missed.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
