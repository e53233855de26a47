// @ts-check
// What a run has of audio and video is followed by a part of its own (parts/audio-video.js), which runs without any never load.

stage.media = (() => {
  const { parts, uncurry } = stage;
  const part = parts.create('audio-video', 'The instruments tell nothing of tracks and of elements that play.');
  /** How code comes by audio and video. */
  if (parts.speakOf(/audio|video|media|track|stream|transceiver/i)) part.load();

  /** Both stay up to date by themselves. */
  const [videos, audios] = ['video', 'audio'].map((name) => document.getElementsByTagName(name));
  const { getTransceivers } = globalThis.RTCPeerConnection?.prototype ?? {};
  const transceiversOf = getTransceivers && uncurry(getTransceivers);
  const NOTHING = { transceivers: [], shown: [] };

  return {
    /** Something was given to a connection to be sent, perhaps a track. @param {unknown} track @param {string} on the connection @param {Error} trace */
    sent(track, on, trace) {
      if (typeof track === 'object' && track) part.use((/** @type {any} */ media) => media.sent(track, on, trace));
    },

    /** @param {Event} event `track` of a connection @param {string} on the connection */
    received(event, on) {
      part.use((/** @type {any} */ media) => media.received(event, on));
    },

    /** Looks for what no event tells. */
    look() {
      if (part.now || videos.length > 0 || audios.length > 0) part.use((/** @type {any} */ media) => media.look());
    },

    /**
     * What statistics don't tell of the media of a connection.
     * @param {RTCPeerConnection} pc @param {string} on @param {(more: object) => void} take
     */
    of(pc, on, take) {
      if (!part.now && (!transceiversOf || transceiversOf(pc).length === 0)) take(NOTHING);
      else
        part.use(
          (/** @type {any} */ media) => take(media.of(pc, on)),
          () => take(NOTHING),
        );
    },
  };
})();
