// @ts-check
// How soon a peer may be called again. This is remembered after the peer has left, so that one that keeps leaving and coming back is not called
// more often.
//
// May import: backoff.js.

import { createBackoff } from './backoff.js';

/** The least time, in ms, between two calls with one peer: at first, and at the longest. */
export const FIRST_REDIAL = 1_000;
export const LONGEST_REDIAL = 30_000;
/** After a call that lasted this long, in ms, the backoff begins anew: the next call may follow at once. */
const STEADY_CALL = 1_000;

/**
 * @typedef {object} Pace
 * @property {ReturnType<typeof createBackoff>} backoff
 * @property {number} freeAt not before; by the clock of `performance.now()`
 * @property {number} startedAt when its last call was connected; Infinity if it was not
 */

/** Creates an empty memory of paces. @param {number} most peers that are remembered, those that were called last */
export function createPaces(most) {
  /** The newest last. @type {Map<string, Pace>} */
  const paces = new Map();

  /** @param {string} id */
  function paceOf(id) {
    const backoff = createBackoff(FIRST_REDIAL, LONGEST_REDIAL);
    const pace = paces.get(id) ?? { backoff, freeAt: 0, startedAt: Infinity };
    paces.delete(id);
    paces.set(id, pace);
    const [oldest] = paces.keys();
    if (paces.size > most) paces.delete(oldest);
    return pace;
  }

  return {
    /** How long to wait before a call with it, in ms; 0 or less if it may begin now. @param {string} id */
    wait: (id) => paceOf(id).freeAt - performance.now(),

    /** A call with it is being made. @param {string} id @returns {() => void} to be called once it is connected */
    begin(id) {
      const pace = paceOf(id);
      pace.freeAt = performance.now() + pace.backoff.next();
      pace.startedAt = Infinity;
      return () => {
        pace.startedAt = performance.now();
      };
    },

    /** A call with it is over. @param {string} id */
    end(id) {
      if (performance.now() - paceOf(id).startedAt >= STEADY_CALL) paces.delete(id);
    },

    /** The user wants the next call at once. @param {string} id */
    forget: (id) => paces.delete(id),
    clear: () => paces.clear(),
  };
}
