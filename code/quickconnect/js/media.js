// @ts-check
// Media: the streams and tracks that we send in every call, and those that one peer sends us.
//
// May import: nothing.

/** Creates the collection of what we send. */
export function createLocalMedia() {
  /** Each stream that we send, with the tracks that were added to it by themselves. @type {Map<MediaStream, Set<MediaStreamTrack>>} */
  const streams = new Map();

  /** @param {RTCPeerConnection} pc @param {MediaStreamTrack} track */
  const senderOf = (pc, track) => pc.getSenders().find((sender) => sender.track === track);

  /** @param {RTCPeerConnection} pc @param {MediaStreamTrack} track @param {MediaStream} stream */
  function send(pc, track, stream) {
    if (!senderOf(pc, track)) pc.addTrack(track, stream);
  }

  return {
    get size() {
      return streams.size;
    },
    list: () => [...streams.keys()],

    /** @param {MediaStream} stream */
    add(stream) {
      if (!streams.has(stream)) streams.set(stream, new Set());
    },

    /** @param {MediaStreamTrack} track @param {MediaStream} stream */
    addTrack(track, stream) {
      streams.set(stream, (streams.get(stream) ?? new Set()).add(track));
    },

    /** @param {MediaStream} stream @param {Iterable<RTCPeerConnection>} pcs */
    remove(stream, pcs) {
      const tracks = [...stream.getTracks(), ...(streams.get(stream) ?? [])];
      streams.delete(stream);
      for (const pc of pcs) {
        for (const track of tracks) {
          const sender = senderOf(pc, track);
          if (sender) pc.removeTrack(sender);
        }
      }
    },

    /**
     * @param {MediaStreamTrack} track
     * @param {string} trackId
     * @param {Iterable<RTCPeerConnection>} pcs
     * @returns {Promise<unknown>} once it is sent in every call
     */
    replaceTrack(track, trackId, pcs) {
      for (const [stream, added] of streams) {
        const old = [...stream.getTracks(), ...added].find(({ id }) => id === trackId);
        if (!old) continue;
        stream.removeTrack(old);
        stream.addTrack(track);
        added.delete(old);
        return Promise.all([...pcs].map((pc) => senderOf(pc, old)?.replaceTrack(track)));
      }
      throw new Error(`no track with the id ${trackId} is sent`);
    },

    /** Sends everything that is not sent yet. @param {RTCPeerConnection} pc */
    sendTo(pc) {
      for (const [stream, added] of streams) {
        for (const track of [...stream.getTracks(), ...added]) send(pc, track, stream);
      }
    },
  };
}

/**
 * Watches what one peer sends.
 * @param {RTCPeerConnection} pc
 * @param {object} handlers
 * @param {(track: MediaStreamTrack, stream: MediaStream | undefined) => void} handlers.ontrack
 * @param {(stream: MediaStream) => void} handlers.onadded once {@link start} was called
 * @param {(stream: MediaStream) => void} handlers.onremoved of a stream that was added
 * @param {AbortSignal} signal the call is over
 */
export function watchRemoteMedia(pc, { ontrack, onadded, onremoved }, signal) {
  /** @type {MediaStream[]} */
  const streams = [];
  let isStarted = false;

  pc.addEventListener('track', take, { signal });
  signal.addEventListener('abort', () => [...streams].forEach(remove));

  /** @param {RTCTrackEvent} event */
  function take({ track, streams: ofTrack }) {
    for (const stream of ofTrack) {
      if (signal.aborted || streams.includes(stream)) continue;
      streams.push(stream);
      stream.addEventListener('removetrack', check, { signal });
      if (isStarted) onadded(stream);
    }
    // A listener may have ended the call.
    if (!signal.aborted) ontrack(track, ofTrack[0]);
  }

  /** @param {Event} event */
  function check({ target }) {
    const stream = /** @type {MediaStream} */ (target);
    if (streams.includes(stream) && stream.getTracks().length === 0) remove(stream);
  }

  /** @param {MediaStream} stream */
  function remove(stream) {
    streams.splice(streams.indexOf(stream), 1);
    if (isStarted) onremoved(stream);
  }

  return {
    streams,
    start() {
      isStarted = true;
      for (const stream of streams.splice(0)) {
        // A listener may have ended the call.
        if (signal.aborted) return;
        streams.push(stream);
        onadded(stream);
      }
    },
  };
}
