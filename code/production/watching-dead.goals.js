// @ts-check
// What the exercise “Gone, or only slow” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 16;

/** A tick every 100 ms, 300 ms later than before at most: after so long without one, in ms, it is not the delay. */
const SLOW = 500;
/** Within so much time of the last tick, in ms, the change is to begin. Both browsers take longer to call a connection disconnected. */
const SOON = 3_500;

/** @param {Run} run */
const restarts = ({ events }) =>
  events.filter(({ type, name }) => type === 'call' && name === 'restartIce');

/** How long A had heard nothing when ICE was restarted, in ms; nothing if it was not. @param {Run} run */
function silences(run) {
  const times = arrivals(run, 'tick').map(({ at }) => at);
  return restarts(run).map((call) => {
    const before = times.filter((at) => at <= call.at);
    return before.length > 0 ? call.at - before[before.length - 1] : 0;
  });
}

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'ICE is restarted less than 3.5 s after the last tick on the old way.',
    missed:
      'The browser waits for some missing answers before it says disconnected. What do statistics say meanwhile?',
    met: (run) => silences(run).some((silence) => silence < SOON),
  },
  {
    says: 'It is not restarted while ticks arrive, however late.',
    missed:
      'For two seconds the way is slow, and works. How long a silence is longer than that?',
    holds: (run) => silences(run).every((silence) => silence >= SLOW),
  },
  {
    says: 'It is restarted once.',
    missed:
      'A silence lasts until the new way works. Does the program look again before that?',
    holds: (run) => restarts(run).length === 1,
  },
  {
    says: 'Ticks arrive on the new way.',
    missed:
      'After the restart, A and B need another offer, answer, and the candidates of the second line.',
    met(run) {
      const [first] = restarts(run);
      return (
        first !== undefined &&
        arrivals(run, 'tick').filter(({ at }) => at > first.at + SLOW).length >=
          3
      );
    },
  },
];
