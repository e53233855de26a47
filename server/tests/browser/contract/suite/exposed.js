// @ts-check
// A client whose hidden data channel a case can get at, as an ill-behaved peer could.

/** Joins, and has the channel that the library keeps for itself. @param {import('./side.js').Side} me @param {Record<string, unknown>} options */
export async function exposed(me, options) {
  const { createDataChannel } = RTCPeerConnection.prototype;
  /** @type {Map<RTCPeerConnection, RTCDataChannel>} */
  const made = new Map();
  RTCPeerConnection.prototype.createDataChannel = function (...args) {
    const channel = createDataChannel.apply(this, args);
    made.set(this, channel);
    return channel;
  };
  const qc = me.join(options);
  const [, pc] = await me.when(qc, 'call:started');
  RTCPeerConnection.prototype.createDataChannel = createDataChannel;
  const hidden = /** @type {RTCDataChannel} */ (made.get(pc));
  await me.until(() => hidden.readyState === 'open', 'the hidden channel');
  return { qc, hidden };
}
