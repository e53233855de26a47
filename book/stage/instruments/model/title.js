// @ts-check
// What a connection is called. Pure.
//
// May import: nothing.

/**
 * The title of a connection: as the code names it, if that is known.
 * @param {string} id
 * @param {string} name of the variable; empty if it is not known
 * @param {number | undefined} line of the code that made it
 */
export const titleOf = (id, name, line) =>
  name && line !== undefined ? `${name}, line ${line}` : `Connection ${id.slice(2)}`;

/** The same with whom it is connected. @param {string} title @param {string} peer what the peer is called */
export const named = (title, peer) => `${title}, with ${peer}`;
