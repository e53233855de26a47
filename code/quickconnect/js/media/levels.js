// @ts-check
// How loud it was since the last time: the highest level of each track that is received. It is read from the packets, and not from statistics, in which
// Chromium says 0 while the player is muted.
//
// May import: nothing.

/** @param {RTCPeerConnection} pc */
export function createLevels(pc) {
  /** The highest, by section. @type {Map<string, number>} */
  let highest = new Map();
  /** Of which time a source was when it was read: it stands for ten seconds after its last packet. @type {WeakMap<RTCRtpReceiver, number>} */
  const read = new WeakMap();

  return {
    glance() {
      for (const { mid, receiver } of pc.getTransceivers()) {
        if (mid === null || receiver.track.kind !== 'audio') continue;
        const [source] = receiver.getSynchronizationSources();
        if (source?.audioLevel === undefined || read.get(receiver) === source.timestamp) continue;
        read.set(receiver, source.timestamp);
        highest.set(mid, Math.max(source.audioLevel, highest.get(mid) ?? 0));
      }
    },

    /** Those since the last time. */
    take() {
      const taken = highest;
      highest = new Map();
      return taken;
    },
  };
}
