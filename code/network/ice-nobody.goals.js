// @ts-check
// What the exercise “A restart that never comes” asks for. Pure.
//
// May import: ../goals.js.

import { arrivals, openChannels } from '../goals.js';

/** @typedef {import('../goals.js').Run} Run */
/** @typedef {Run['model']['connections'][number]['descriptions'][number]} Description */

/** After so many seconds of a run, what is still missed is said. */
export const seconds = 8;

/** The ICE name in a description. @param {Description} description */
const nameIn = ({ sdp }) => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '';

/** The local descriptions of each connection that has one, in order. @param {Run} run */
const local = ({ model }) =>
  model.connections
    .map(({ descriptions }) =>
      descriptions.filter(({ side }) => side === 'local'),
    )
    .filter((list) => list.length > 0);

/** The first local description of each connection with another ICE name than its first. @param {Run} run */
const restarts = (run) =>
  local(run).flatMap(
    (list) => list.find((one) => nameIn(one) !== nameIn(list[0])) ?? [],
  );

/** Whether both sides have new names, which each has told the other. @param {Run} run */
function isRestarted(run) {
  const told = run.model.connections.flatMap(({ descriptions }) =>
    descriptions.filter(({ side }) => side === 'remote').map(nameIn),
  );
  const renewed = restarts(run);
  return (
    renewed.length >= 2 && renewed.every((one) => told.includes(nameIn(one)))
  );
}

/** @type {import('../goals.js').Goal[]} */
export const goals = [
  {
    says: 'The first connection makes another offer, with a new ICE name.',
    missed:
      'The diagnosis below the console says what came after restartIce(). Who listens to it?',
    met: (run) => restarts(run).some(({ type }) => type === 'offer'),
  },
  {
    says: 'Both sides have new ICE names, and know each other’s.',
    missed:
      'An offer alone is half: the other side has to set it and answer, and the answer has to come back.',
    met: isRestarted,
  },
  {
    says: 'Messages go on arriving after it.',
    missed: 'Look for messages in the Ladder below the second answer.',
    met: (run) =>
      isRestarted(run) &&
      arrivals(run).some(({ at }) => restarts(run).every((one) => one.at < at)),
  },
  {
    says: 'It is still the same connection, and the same channel.',
    missed: 'A new connection is no restart: its channels are new ones.',
    holds: (run) =>
      run.model.connections.length <= 2 &&
      openChannels(run).length <= 2 &&
      openChannels(run).every(({ states }) =>
        states.every(({ value }) => value !== 'closed'),
      ),
  },
];
