// @ts-check
// Tries to connect to other attendees directly, when the host asks who reaches whom: a data channel, no servers, one offer and one answer, which go through the
// workshop's socket. What the other side sends is given to the browser as a description, and to nothing else.
//
// May import: reach-description.js.

import { forMessage } from './reach-description.js';

/** Tries at the same time; the server asks for three. */
const MAX_AT_ONCE = 4;
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
  /** By the server's numbers. @type {Map<number, ReturnType<typeof begin>>} */
  const tries = new Map();

  /** @param {number} number @param {boolean} isOffering */
  function begin(number, isOffering) {
    const pc = connect();
    // The same on both sides, so that nothing has to be said about it.
    const channel = pc.createDataChannel('reach', { negotiated: true, id: 0 });
    let isDone = false;
    /** @type {((description: string) => void) | undefined} */
    let take;
    /** The other side's may be here before anything waits for it. @type {Promise<string>} */
    const theirs = new Promise((resolve) => (take = resolve));

    /** @param {boolean} direct */
    function done(direct) {
      if (isDone) return;
      isDone = true;
      send({ type: 'reached', number, direct });
      later(end, direct ? LINGER : 0);
    }

    function end() {
      isDone = true;
      pc.close();
      tries.delete(number);
    }

    async function give() {
      await Promise.race([gathered(pc), new Promise((over) => later(() => over(undefined), GATHERING))]);
      const sdp = pc.localDescription?.sdp;
      if (sdp && !isDone) send({ type: 'reach-signal', number, description: forMessage(sdp) });
    }

    async function exchange() {
      if (isOffering) {
        await pc.setLocalDescription();
        await give();
        await pc.setRemoteDescription({ type: 'answer', sdp: await theirs });
      } else {
        await pc.setRemoteDescription({ type: 'offer', sdp: await theirs });
        await pc.setLocalDescription();
        await give();
      }
    }

    channel.addEventListener('open', () => done(true));
    pc.addEventListener('connectionstatechange', () => pc.connectionState === 'failed' && done(false));
    later(() => done(false), PATIENCE);
    // What can't be understood connects nobody.
    exchange().catch(() => done(false));
    return { take: (/** @type {string} */ description) => take?.(description), end };
  }

  return {
    /** @param {any} message parsed; others than those of a try are passed over @param {boolean} mayTry the reader shares with the host */
    hear(message, mayTry) {
      const { type, number } = message ?? {};
      if (type === 'reach' && mayTry && Number.isSafeInteger(number) && tries.size < MAX_AT_ONCE && !tries.has(number))
        tries.set(number, begin(number, message.offers === true));
      else if (type === 'reach-signal' && typeof message.description === 'string')
        tries.get(number)?.take(message.description);
    },

    /** The page is left, or nothing is shared any more. */
    end() {
      for (const one of [...tries.values()]) one.end();
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
