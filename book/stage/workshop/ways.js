// @ts-check
// How the connections of a run go: directly, or through the relay. One that is closed is asked in vain, and is forgotten. Pure.
//
// May import: nothing.

/** @typedef {'direct' | 'relay'} Way */

/** The ways of one run. */
export function createWays() {
  /** By connection. @type {Map<string, Way>} */
  const ways = new Map();
  /** Connections that have answered since all were asked. @type {Set<string>} */
  const answered = new Set();

  return {
    /** Before all are asked again: what did not answer the last time is gone. */
    ask() {
      for (const on of ways.keys()) if (!answered.has(on)) ways.delete(on);
      answered.clear();
    },

    /** @param {string} on the connection @param {Way} way */
    take(on, way) {
      ways.set(on, way);
      answered.add(on);
    },

    clear() {
      ways.clear();
      answered.clear();
    },

    /** The longest way that one of them goes; undefined without one. @returns {Way | undefined} */
    get longest() {
      const all = [...ways.values()];
      return all.includes('relay') ? 'relay' : all[0];
    },
  };
}
