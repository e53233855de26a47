// @ts-check
// How the connections of a run go: directly, or through the relay. One that is closed is asked in vain, and is forgotten. Pure.
//
// May import: ../instruments/model/pairs.js.

import { pairsIn } from '../instruments/model/pairs.js';

/** @typedef {'direct' | 'relay'} Way */

/**
 * How a connection goes. Its report still has the pair that it had when it failed, so what it said of its state last decides.
 * @param {string} on the connection
 * @param {import('../stats.js').Report[]} reports of it
 * @param {{ type: string, on?: string, name?: string, value?: unknown }[]} events of the run
 * @returns {Way | undefined} undefined if it is not connected
 */
export function wayOf(on, reports, events) {
  const state = events.findLast((event) => event.type === 'state' && event.on === on && event.name === 'connection');
  // Of a long run the event may be gone.
  if (state && state.value !== 'connected') return undefined;
  const selected = pairsIn(reports).find(({ isSelected }) => isSelected);
  return selected && (selected.types.includes('relay') ? 'relay' : 'direct');
}

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

    /** @param {string} on the connection @param {Way | undefined} way undefined if it is not connected */
    take(on, way) {
      if (!way) return void ways.delete(on);
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
