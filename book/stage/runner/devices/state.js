// @ts-check
// How the stand-in devices are, as the reader has chosen it: which of them are there, and what becomes of a request. Pure.
//
// May import: list.js.

import { DEVICES } from './list.js';

/** @typedef {import('./list.js').Device} Device */

/** Those that requests come to, one after the other, and then that of devices that work. */
const IN_TURN = ['denied', 'busy', 'none'];

/** Creates the state. @param {string} chosen `working`, `denied`, `busy`, `none`, `unplugged`, or `each`: those in turn */
export function createState(chosen) {
  let requests = 0;
  /** Pulled out. @type {Set<Device>} */
  const gone = new Set();

  return {
    /** @param {string} changed */
    choose(changed) {
      chosen = changed;
      requests = 0;
      gone.clear();
    },

    /** The state that the next request meets. */
    next() {
      if (chosen !== 'each') return chosen;
      requests += 1;
      return IN_TURN[requests - 1] ?? 'working';
    },

    /** Those that are plugged in, as a list says it, or a request in this state meets it. @param {string} [state] */
    devices: (state = chosen) => (state === 'none' ? [] : DEVICES.filter((device) => !gone.has(device))),

    /** Nobody may use a device that was given before. */
    isRevoked: () => chosen === 'denied',

    /** What is given now is to be pulled out later, unless that has happened. */
    isToBePulled: () => chosen === 'unplugged' && gone.size === 0,

    /** @param {Device} device */
    pull(device) {
      gone.add(device);
    },
  };
}
