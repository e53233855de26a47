// @ts-check
// The connection to the server, which is made again whenever it is lost, until it is ended or the server says that there is no session any more.
//
// May import: host-view.js, ../check/within.js, ../pings.js, ../visible.js.

import { pause } from '../check/within.js';
import { createWatch } from '../pings.js';
import { visibleLine } from '../visible.js';
import { toldIn } from './host-view.js';

/** The first and the longest wait before another attempt, in ms. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** A connection that stood for this long after its first view, in ms, was a good one: the next wait is the first again. */
const GOOD_AFTER = 10_000;
/** How long the first view may take, in ms. */
const PATIENCE = 10_000;

/**
 * @typedef {object} Hooks
 * @property {(signal: AbortSignal) => Promise<import('./host-session.js').Session>} ask whether there is a session
 * @property {() => WebSocket} open
 * @property {(told: Exclude<import('./host-view.js').Told, { type: 'ping' }>) => void} ontold
 * @property {(wait: number, why: string) => void} onlost told of the wait, in ms, and of the server's words, if it had any
 * @property {(words: string) => void} onrefused there is no session, and no further attempt
 */

/** @param {Hooks} hooks */
export function createConnection({ ask, open, ontold, onlost, onrefused }) {
  /** @type {WebSocket | undefined} */
  let socket;
  return {
    /** Connects, and stays connected. @param {AbortSignal} signal ends it */
    async keep(signal) {
      for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(2 * wait, LONGEST_WAIT)) {
        const { state, words } = await ask(signal);
        if (signal.aborted) return;
        if (state === 'refused') return onrefused(words);
        const { wasGood, why } = state === 'given' ? await listen(signal) : { wasGood: false, why: '' };
        if (signal.aborted) return;
        if (wasGood) wait = FIRST_WAIT;
        onlost(wait, why);
        await pause(wait, signal);
      }
    },

    /** @param {Record<string, unknown>} message @returns {boolean} whether it was sent */
    send(message) {
      // 1 is OPEN, also where there is no WebSocket to name it.
      if (socket?.readyState !== 1) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };

  /** Opens a socket and resolves when it is over. @param {AbortSignal} signal */
  async function listen(signal) {
    const own = open();
    const ending = new AbortController();
    const end = () => ending.abort();
    /** A way that is cut leaves a socket without an end of its own. */
    const watch = createWatch(end, PATIENCE);
    let [toldAt, why] = [Infinity, ''];
    socket = own;
    signal.addEventListener('abort', end, { once: true, signal: ending.signal });
    own.addEventListener(
      'message',
      ({ data }) => {
        const told = toldIn(data);
        if (!told) return;
        toldAt = Math.min(toldAt, performance.now());
        watch.heard(told.type === 'ping' ? told.silence : undefined);
        if (told.type !== 'ping') ontold(told);
      },
      { signal: ending.signal },
    );
    await new Promise((done) => {
      ending.signal.addEventListener('abort', done, { once: true });
      own.addEventListener(
        'close',
        ({ reason }) => {
          why = visibleLine(reason);
          end();
        },
        { signal: ending.signal },
      );
    });
    watch.stop();
    if (socket === own) socket = undefined;
    own.close();
    return { wasGood: performance.now() - toldAt > GOOD_AFTER, why };
  }
}
