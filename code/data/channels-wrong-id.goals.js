// @ts-check
// What the exercise “Find the wrong id” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals, failedCalls } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 6;

/**
 * Whether a message that one side has sent on the channel of a name has arrived on the other side's channel of this name.
 * @param {Run} run @param {string} label
 */
function isPassedOn(run, label) {
  const channels = run.model.connections.flatMap((connection) =>
    connection.channels.map((channel) => ({ ...channel, of: connection.id })),
  );
  const named = channels.filter((channel) => channel.label === label);
  return arrivals(run).some((arrival) => {
    const to = named.find(({ id }) => id === arrival.on);
    return run.events.some(
      ({ type, side, on, text }) =>
        type === 'message' &&
        side === 'out' &&
        text === arrival.text &&
        named.some(({ id, of }) => id === on && of !== to?.of) &&
        to !== undefined,
    );
  });
}

/** @param {string} label @param {string} missed @returns {import('../goals.js').Goal} */
const goalOf = (label, missed) => ({
  says: `What is sent on ${label} arrives on ${label}.`,
  missed,
  met: (run) => isPassedOn(run, label),
});

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  goalOf('chat', 'Both ends of chat need the same id.'),
  goalOf(
    'moves',
    'Nothing of it arrived on moves. Compare the id of its two ends.',
  ),
  goalOf(
    'files',
    'On which channel did it arrive? Which id does that one have, and on which side?',
  ),
  {
    says: 'No call fails.',
    missed: 'The console says which line failed, and the editor marks it.',
    holds: (run) => failedCalls(run).length === 0,
  },
];
