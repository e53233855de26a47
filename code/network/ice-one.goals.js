// @ts-check
// What the exercise “One candidate is enough” asks for. Pure.
//
// May import: ../goals.js.

import { connectedSides, openChannels } from '../goals.js';

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 10;

/** Those that were taken or still may be; the end of candidates is none. @param {import('../goals.js').Run} run */
const handedOver = ({ model }) =>
  model.connections
    .flatMap(({ remoteCandidates }) => remoteCandidates)
    .filter(
      ({ text, outcome }) =>
        text !== '' && (outcome === 'done' || outcome === 'pending'),
    );

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'Both sides are connected, and the channel is open.',
    missed:
      'Open Candidates: has either side a pair to try? A TCP candidate of Firefox makes none here.',
    met: (run) => connectedSides(run) >= 2 && openChannels(run).length >= 2,
  },
  {
    says: 'No more than one candidate is handed over.',
    missed:
      'The Ladder has an arrow for each candidate. The handler is called once for every one that is found.',
    holds: (run) => handedOver(run).length <= 1,
  },
  {
    says: 'No description has a candidate in it.',
    missed:
      'In SDP, look for a=candidate: localDescription gets a line for each that is found. The offer itself has none.',
    holds: ({ model }) =>
      model.connections.every(({ descriptions }) =>
        descriptions.every(
          ({ side, sdp }) => side === 'local' || !sdp.includes('a=candidate:'),
        ),
      ),
  },
];
