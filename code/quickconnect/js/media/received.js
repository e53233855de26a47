// @ts-check
// What the others send: in which state each of their tracks is, as the call goes on.
//
// May import: quality.js, state.js.

import { watchQuality } from './quality.js';
import { isTold, look, UNKNOWN } from './state.js';

/**
 * @param {import('../index.js').QuickConnect} qc
 * @param {number} every how often it is looked, in ms; 0 for never
 * @param {(id: string, track: MediaStreamTrack, state: import('./index.js').TrackState) => void} onstate
 * @param {(error: unknown) => void} raise
 */
export function createReceived(qc, every, onstate, raise) {
  /** @type {WeakMap<MediaStreamTrack, import('./state.js').Known>} */
  const known = new WeakMap();

  /** The tracks that a peer sends by agreement. @param {RTCPeerConnection} pc */
  const sections = (pc) =>
    pc.getTransceivers().filter(({ currentDirection }) => ['sendrecv', 'recvonly'].includes(currentDirection ?? ''));

  /** Whether a peer says that it has muted a track. @param {string} id @param {MediaStreamTrack} track */
  function isMuted(id, track) {
    const streams = qc.calls.get(id)?.streams.filter((stream) => stream.getTracks().includes(track)) ?? [];
    return isTold(
      qc.peers.get(id)?.data.muted,
      track.kind,
      streams.map((stream) => stream.id),
    );
  }

  /** @param {string} id @param {MediaStreamTrack} track @param {import('./state.js').Known} after */
  function learn(id, track, after) {
    const before = known.get(track);
    known.set(track, after);
    if (after.state && after.state !== before?.state) onstate(id, track, after.state);
  }

  /** A peer has announced itself again: what it mutes is believed at once. @param {string} id */
  function hear(id) {
    const call = every > 0 ? qc.calls.get(id) : undefined;
    if (!call?.active) return;
    for (const { receiver } of sections(call.pc)) {
      const { track } = receiver;
      if (isMuted(id, track)) learn(id, track, { ...(known.get(track) ?? UNKNOWN), state: 'muted' });
    }
  }

  /**
   * @param {string} id
   * @param {RTCPeerConnection} pc
   * @param {readonly import('./index.js').TrackQuality[]} figures
   * @param {number} period in ms
   */
  function judge(id, pc, figures, period) {
    for (const { mid, receiver } of sections(pc)) {
      const { track } = receiver;
      const own = figures.filter((one) => one.direction === 'receive' && one.mid === mid);
      const levels = own.flatMap(({ level }) => level ?? []);
      const seen = {
        kind: track.kind,
        isMuted: isMuted(id, track),
        packets: own.reduce((sum, { packets }) => sum + packets, 0),
        level: levels.length > 0 ? Math.max(...levels) : undefined,
        period,
      };
      learn(id, track, look(known.get(track) ?? UNKNOWN, seen));
    }
  }

  return {
    hear,

    /** Looks at a call until it is over. @param {string} id @param {RTCPeerConnection} pc @param {AbortSignal} signal */
    async follow(id, pc, signal) {
      if (every === 0) return;
      // Whoever listens for the start of a call, or for its streams, hears of those first.
      queueMicrotask(() => hear(id));
      try {
        let last = performance.now();
        for await (const figures of watchQuality(pc, { every, signal })) {
          if (signal.aborted) return;
          const now = performance.now();
          judge(id, pc, figures, now - last);
          last = now;
        }
      } catch (error) {
        raise(error);
      }
    },

    /** @param {MediaStreamTrack} track */
    stateOf: (track) => known.get(track)?.state,
  };
}
