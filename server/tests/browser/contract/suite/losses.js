// @ts-check
// A client that notes what it hears and when, for what the harness does to its page, or to the other side's.

/** @typedef {[what: string, at: number]} Note at: in ms since the page began */

const EVENTS = ['call:started', 'call:failing', 'call:recovered', 'call:failed', 'call:expired', 'call:ended'];

/** Joins a room, and notes. @param {{ implementation: string, signaling: string, id: string, options: object }} run */
export async function witness({ implementation, signaling, id, options }) {
  const { default: quickconnect } = await import(implementation);
  /** @type {Note[]} */
  const heard = [];
  /** @type {RTCDataChannel | undefined} */
  let channel;
  /** @param {string} what */
  const note = (what) => void heard.push([what, performance.now()]);

  globalThis.WebSocket = class extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} args */
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => data.startsWith('/leave|') && note('leave'));
    }
  };
  const qc = quickconnect(signaling, { room: 'losses', id, ...options });
  for (const event of EVENTS) qc.on(event, () => note(event));
  qc.on('call:failing', (/** @type {string} */ _, /** @type {RTCPeerConnection} */ pc) =>
    pc.addEventListener('negotiationneeded', () => note('restart')),
  );
  qc.createDataChannel('talk');
  qc.on('channel:opened', (/** @type {string} */ _, /** @type {RTCDataChannel} */ opened) => {
    channel = opened;
    channel.onmessage = () => note('message');
  });
  return { heard, say: () => channel?.send('still here') };
}
