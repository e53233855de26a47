// @ts-check
// Tries to connect to other attendees directly, when the host asks who reaches whom: a data channel, no servers, one offer and one answer, which go through the
// workshop's socket. What the other side sends is given to the browser as a description, and to nothing else.
//
// May import: reach-description.js.

import { forMessage } from './reach-description.js';

/** Connections at the same time: of three tries, and of others that are over and linger. Their number and LINGER keep the messages of this page below what the
 * server takes in a second. */
const MAX_AT_ONCE = 6;
/** Tries that wait until one of those ends; the server asks for three at the same time. */
const MAX_WAITING = 6;
/** How long a try may take, in ms; the server waits a little longer. */
const PATIENCE = 6_000;
/** How long it is looked for addresses, in ms. */
const GATHERING = 1_500;
/** How long a connection stays after it was made, in ms: the other side has to see it as well. */
const LINGER = 1_000;

/**
 * @typedef {object} World
 * @property {(message: object) => void} send
 * @property {() => RTCPeerConnection} connect without servers
 * @property {(act: () => void, after: number) => unknown} later
 */

/** @param {World} world */
export function createReach({ send, connect, later }) {
  /** Those that wait, run or linger, by the server's numbers, the oldest first. @type {Map<number, ReturnType<typeof create>>} */
  const tries = new Map();

  /** @param {number} number @param {boolean} isOffering */
  function create(number, isOffering) {
    /** None while it waits. @type {RTCPeerConnection | undefined} */
    let pc;
    let isDone = false;
    /** @type {((description: string) => void) | undefined} */
    let take;
    /** The other side's may be here before anything waits for it. @type {Promise<string>} */
    const theirs = new Promise((resolve) => (take = resolve));

    function begin() {
      const own = connect();
      pc = own;
      // The same on both sides, so that nothing has to be said about it.
      const channel = own.createDataChannel('reach', { negotiated: true, id: 0 });
      channel.addEventListener('open', () => done(true));
      own.addEventListener('connectionstatechange', () => own.connectionState === 'failed' && done(false));
      later(() => done(false), PATIENCE);
      // What can't be understood connects nobody.
      exchange(own).catch(() => done(false));
    }

    /** @param {boolean} direct */
    function done(direct) {
      if (isDone) return;
      isDone = true;
      send({ type: 'reached', number, direct });
      later(end, direct ? LINGER : 0);
    }

    function close() {
      isDone = true;
      pc?.close();
    }

    function end() {
      close();
      tries.delete(number);
      beginMore();
    }

    /** @param {RTCPeerConnection} own */
    async function give(own) {
      await Promise.race([gathered(own), new Promise((over) => later(() => over(undefined), GATHERING))]);
      const sdp = own.localDescription?.sdp;
      if (sdp && !isDone) send({ type: 'reach-signal', number, description: forMessage(sdp) });
    }

    /** Theirs has as few candidates as this side's: a browser sends something to each of them, wherever that is. @param {RTCPeerConnection} own */
    async function exchange(own) {
      if (isOffering) {
        await own.setLocalDescription();
        await give(own);
        await own.setRemoteDescription({ type: 'answer', sdp: forMessage(await theirs) });
      } else {
        await own.setRemoteDescription({ type: 'offer', sdp: forMessage(await theirs) });
        await own.setLocalDescription();
        await give(own);
      }
    }

    return {
      waits: () => !pc,
      begin,
      take: (/** @type {string} */ description) => take?.(description),
      close,
    };
  }

  /** Begins those that wait, as far as there may be more connections. */
  function beginMore() {
    const waiting = [...tries.values()].filter((one) => one.waits());
    const free = MAX_AT_ONCE - (tries.size - waiting.length);
    for (const one of waiting.slice(0, Math.max(0, free))) one.begin();
  }

  return {
    /** @param {any} message parsed; others than those of a try are passed over @param {boolean} mayTry the reader shares with the host */
    hear(message, mayTry) {
      const { type, number } = message ?? {};
      const isNew = Number.isSafeInteger(number) && !tries.has(number);
      if (type === 'reach' && mayTry && isNew && tries.size < MAX_AT_ONCE + MAX_WAITING) {
        tries.set(number, create(number, message.offers === true));
        beginMore();
      } else if (type === 'reach-signal' && typeof message.description === 'string')
        tries.get(number)?.take(message.description);
    },

    /** The page is left, or nothing is shared any more. */
    end() {
      const all = [...tries.values()];
      tries.clear();
      for (const one of all) one.close();
    },
  };
}

/** Resolves once all addresses are found. @param {RTCPeerConnection} pc */
function gathered(pc) {
  return new Promise((resolve) => {
    const look = () => pc.iceGatheringState === 'complete' && resolve(undefined);
    pc.addEventListener('icegatheringstatechange', look);
    look();
  });
}
