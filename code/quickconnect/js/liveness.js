// @ts-check
// Whether the other side of a call is there. Asked over a data channel of the call itself, so that it holds without the signaling server.

import { wait } from './wait.js';

/** After so many silent intervals nobody is there. */
const MAX_MISSED = 4;
/** How long, in ms, a peer that the server has lost has to show that it is there, beside four times its longest answer of late. */
const PROBE_TIMEOUT = 60;
/** What an answer is taken to need before there was one, in ms. */
const FIRST_ROUND_TRIP = 250;
/** Bytes that may wait in the channel; a peer that asks without reading gets no more answers. */
const MAX_BUFFERED = 4_096;

/**
 * @param {object} options
 * @param {RTCDataChannel} options.channel nobody else uses it
 * @param {number} options.interval in ms; 0 for never
 * @param {() => void} options.ping asks through the signaling server, for peers that know nothing of the channel
 * @param {() => boolean} options.isSignalingUp
 * @param {(message: string) => void} options.onmessage what the other side says that is no question and no answer of ours
 * @param {() => void} options.onsilent
 * @param {AbortSignal} options.signal the call is over
 */
export function createLiveness({ channel, interval, ping, isSignalingUp, onmessage, onsilent, signal }) {
  /** The other side answers over the channel. */
  let speaks = false;
  let isActive = false;
  let missed = 0;
  /** When the questions were asked whose answers are missing. @type {number[]} */
  const asked = [];
  /** The longest time that an answer took, of late, in ms. */
  let roundTrip = FIRST_ROUND_TRIP;
  /** @type {Set<() => void>} */
  const probes = new Set();

  channel.addEventListener('open', ask, { signal });
  channel.addEventListener('message', hear, { signal });

  /** @param {MessageEvent} event */
  function hear({ data }) {
    missed = 0;
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
    // A peer that we hear only through the server is not silent while the server is away.
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

    /** From now on silence counts. */
    start() {
      isActive = true;
      missed = 0;
    },

    /** A sign of life came another way. */
    touch() {
      missed = 0;
    },

    /** Whether it answers, or begins to: a call may have started before its channel is open. @returns {Promise<boolean>} */
    async isAlive() {
      if (channel.readyState === 'closing' || channel.readyState === 'closed') return false;
      return new Promise((resolve) => {
        const answered = () => settle(true);
        const stop = wait(PROBE_TIMEOUT + 4 * roundTrip, () => settle(false));
        /** @param {boolean} isThere */
        function settle(isThere) {
          stop();
          probes.delete(answered);
          resolve(isThere);
        }
        probes.add(answered);
        ask();
      });
    },
  };
}
