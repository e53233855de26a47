// @ts-check
// Whether the other side of a call still responds: a heartbeat over a data channel of the call itself, which needs no signaling server.
//
// May import: wait.js.

import { wait } from './wait.js';

/** Intervals without a sign of life after which the other side counts as gone. */
const MAX_MISSED = 4;
/** How long, in ms, a peer that has left the server has to answer; four times its longest recent round trip is added. */
const PROBE_TIMEOUT = 60;
/** The same for one that has another socket, at least: a call that is given up because a machine was busy for a moment is lost for nothing. */
const BACK_TIMEOUT = 1000;
/** The round trip that is assumed until one was measured, in ms. */
const FIRST_ROUND_TRIP = 250;
/** `bufferedAmount`, in bytes, above which nothing is sent: a peer that sends pings and reads no pongs gets no more of them. */
const MAX_BUFFERED = 4_096;

/**
 * Starts the heartbeat of one call.
 * @param {object} options
 * @param {RTCDataChannel} options.channel nobody else uses it
 * @param {number} options.interval in ms; 0 for never
 * @param {() => void} options.ping asks through the signaling server, for peers that know nothing of the channel
 * @param {() => boolean} options.isSignalingUp
 * @param {() => void} options.onheard the other side is there
 * @param {(message: string) => void} options.onmessage what the other side says that is no question and no answer of ours
 * @param {() => void} options.onsilent
 * @param {AbortSignal} options.signal the call is over
 */
export function createLiveness({ channel, interval, ping, isSignalingUp, onheard, onmessage, onsilent, signal }) {
  /** Whether the other side answers over the channel; older implementations don't. */
  let speaks = false;
  let isActive = false;
  let missed = 0;
  /** When the questions were asked whose answers are missing. @type {number[]} */
  const asked = [];
  /** The longest recent round trip, in ms. */
  let roundTrip = FIRST_ROUND_TRIP;
  /** @type {Set<() => void>} */
  const probes = new Set();

  channel.addEventListener('open', ask, { signal });
  channel.addEventListener('message', hear, { signal });

  /** @param {MessageEvent} event */
  function hear({ data }) {
    missed = 0;
    onheard();
    if (signal.aborted) return;
    if (data === 'ping') say('pong');
    else if (data === 'pong') {
      const took = performance.now() - (asked.shift() ?? Infinity);
      roundTrip = Math.max(took, speaks ? 0.75 * roundTrip : 0);
      speaks = true;
      probes.forEach((answered) => answered());
    } else if (typeof data === 'string') onmessage(data);
  }

  /** @param {string} message */
  function say(message) {
    const isFree = channel.readyState === 'open' && channel.bufferedAmount < MAX_BUFFERED;
    if (isFree) channel.send(message);
    return isFree;
  }

  function ask() {
    if (say('ping') && asked.push(performance.now()) > MAX_MISSED) asked.shift();
  }

  function beat() {
    ask();
    if (!speaks) ping();
    // A peer that answers only through the server can't answer while the server is away.
    if (!isActive || !(speaks || isSignalingUp())) return;
    missed += 1;
    if (missed >= MAX_MISSED) onsilent();
  }

  const timer = interval > 0 ? setInterval(beat, interval) : undefined;
  if (interval > 0) ping();
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    probes.forEach((answered) => answered());
  });

  return {
    say,

    /** The call has started: from now on missed beats count. */
    start() {
      isActive = true;
      missed = 0;
    },

    /** The other side has been heard through the server. */
    touch() {
      missed = 0;
    },

    /** Whether it has answered before, and does not now that it has another socket. */
    isSilent: async () => speaks && !(await isAlive(BACK_TIMEOUT)),

    isAlive,
  };

  /**
   * Whether it answers, or begins to: a call may have started before its channel is open.
   * @param {number} [atLeast] how long it has for that, in ms
   * @returns {Promise<boolean>}
   */
  async function isAlive(atLeast = 0) {
    if (channel.readyState === 'closing' || channel.readyState === 'closed') return false;
    return new Promise((resolve) => {
      const answered = () => settle(true);
      const stop = wait(Math.max(atLeast, PROBE_TIMEOUT + 4 * roundTrip), () => settle(false));
      /** @param {boolean} isThere */
      function settle(isThere) {
        stop();
        probes.delete(answered);
        resolve(isThere);
      }
      probes.add(answered);
      ask();
    });
  }
}
