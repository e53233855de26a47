// @ts-check
// Which connections of a page are connected to each other. Pure.
//
// May import: nothing.

/** @typedef {import('./model.js').Connection} Connection */

/**
 * Finds the connection on this page that another is negotiating with: one of them has set a description that the other has made.
 * @param {Connection[]} connections @returns {(connection: Connection) => Connection | undefined}
 */
export function partnersIn(connections) {
  const given = (/** @type {Connection} */ { calls }) =>
    calls.filter(({ name, session }) => name === 'setRemoteDescription' && session).map(({ session }) => session);
  const made = (/** @type {Connection} */ { descriptions }) =>
    descriptions.filter(({ side, session }) => side === 'local' && session).map(({ session }) => session);
  const makers = bySession(connections, made);
  const takers = bySession(connections, given);
  return (connection) => {
    const found = [
      ...given(connection).map((session) => makers.get(session)),
      ...made(connection).map((session) => takers.get(session)),
    ];
    return found.flatMap((some) => some ?? []).find((other) => other !== connection);
  };
}

/**
 * The first two connections of each session: two, because one of them may be the one whose partner is looked for.
 * @param {Connection[]} connections
 * @param {(connection: Connection) => string[]} sessionsOf
 */
function bySession(connections, sessionsOf) {
  /** @type {Map<string, Connection[]>} */
  const found = new Map();
  for (const connection of connections) {
    for (const session of new Set(sessionsOf(connection))) {
      const some = found.get(session) ?? [];
      if (some.length < 2) found.set(session, [...some, connection]);
    }
  }
  return found;
}
