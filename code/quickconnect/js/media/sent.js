// @ts-check
// What we send, in every call that is up and in those that come: what of it is muted, and what its encodings shall be like.
//
// Muting is done twice. The track is disabled: from that moment on nothing of it is sent, in no call and by no browser, and it needs no time. And its
// encodings are switched off, so that no packets are sent either. The second alone is not enough: Firefox 153 goes on sending a voice whose encoding
// is off. The sender keeps its track, by which the library knows what is sent, so nothing is ever negotiated.
//
// May import: encodings.js.

import { adjust, createWishes } from './encodings.js';

/** Kinds and streams that are muted at once. The others read as many (`received.js`). */
const MAX_MUTED = 64;

/** @typedef {import('./index.js').Kind} Kind */

/**
 * @param {import('../index.js').QuickConnect} qc
 * @param {import('./index.js').MediaOptions['encodings'] & {}} encodings
 * @param {(error: unknown) => void} raise what nobody waits for has failed
 */
export function createSent(qc, encodings, raise) {
  /** A kind, or a kind and the id of a stream. @type {Set<string>} */
  const muted = new Set();
  /** Those that we have disabled: what the page has disabled itself is not ours to enable. @type {WeakSet<MediaStreamTrack>} */
  const disabled = new WeakSet();
  /** Those whose encodings we have switched off. @type {WeakSet<RTCRtpSender>} */
  const silenced = new WeakSet();
  const wishes = { audio: createWishes(encodings.audio), video: createWishes(encodings.video) };

  const connections = () => [...qc.calls.values()].map(({ pc }) => pc);
  /** @param {MediaStreamTrack} track */
  const kindOf = (track) => /** @type {Kind} */ (track.kind);
  /** @param {Kind} kind @param {MediaStream} [stream] */
  const nameOf = (kind, stream) => (stream ? `${kind} ${stream.id}` : kind);
  /** @param {MediaStreamTrack} track */
  const streamsOf = (track) => qc.getLocalStreams().filter((stream) => stream.getTracks().includes(track));

  /** @param {MediaStreamTrack} track */
  const isOff = (track) =>
    muted.has(track.kind) || streamsOf(track).some((stream) => muted.has(nameOf(kindOf(track), stream)));

  /** @param {MediaStreamTrack} track */
  function disable(track) {
    if (!track.enabled) return;
    track.enabled = false;
    disabled.add(track);
  }

  /** @param {MediaStreamTrack} track */
  function settleTrack(track) {
    if (isOff(track)) disable(track);
    else if (disabled.delete(track)) track.enabled = true;
  }

  function settleTracks() {
    const tracks = qc.getLocalStreams().flatMap((stream) => stream.getTracks());
    for (const pc of connections()) for (const { track } of pc.getSenders()) if (track) tracks.push(track);
    new Set(tracks).forEach(settleTrack);
  }

  /** What the encodings of a sender shall be like, at the moment when it is asked. @param {RTCRtpSender} sender */
  function wishFor(sender) {
    const { track } = sender;
    if (!track) return () => ({});
    const mustBeOff = isOff(track);
    const wasOff = silenced.has(sender);
    if (mustBeOff) silenced.add(sender);
    else silenced.delete(sender);
    return (/** @type {string | undefined} */ rid, /** @type {number} */ index) => {
      const wish = wishes[kindOf(track)].find(rid, index);
      if (mustBeOff) return { ...wish, active: false };
      return wasOff ? { active: true, ...wish } : wish;
    };
  }

  /** Resolves once all of a call is as it shall be. @param {RTCPeerConnection} pc */
  async function settleCall(pc) {
    try {
      await Promise.all(pc.getSenders().map((sender) => adjust(sender, () => wishFor(sender))));
    } catch (error) {
      // During a negotiation parameters may be refused: they are set again after it. A closed connection sends nothing.
      if (pc.signalingState === 'stable') throw error;
    }
  }

  async function settle() {
    settleTracks();
    await Promise.all(connections().map(settleCall));
  }

  return {
    /** Before the library adds what it sends: several encodings can only be asked for together with the track. @param {RTCPeerConnection} pc a new one */
    prepare(pc) {
      for (const stream of qc.getLocalStreams()) {
        for (const track of stream.getTracks()) {
          const sendEncodings = wishes[kindOf(track)].list();
          const isThere = pc.getSenders().some((sender) => sender.track === track);
          if (sendEncodings.length > 1 && !isThere) pc.addTransceiver(track, { streams: [stream], sendEncodings });
        }
      }
    },

    /** A call has what it shall send: keeps it as it shall be. @param {RTCPeerConnection} pc @param {AbortSignal} signal the call is over */
    keep(pc, signal) {
      function settleNow() {
        settleTracks();
        settleCall(pc).catch(raise);
      }
      // A track has been added, and is not sent before it is negotiated.
      pc.addEventListener('negotiationneeded', settleNow, { signal });
      pc.addEventListener('signalingstatechange', () => pc.signalingState === 'stable' && settleNow(), { signal });
      settleNow();
    },

    /** @type {import('./index.js').Media['setMuted']} */
    async setMuted(kind, isMuted, stream) {
      checkKind(kind);
      const name = nameOf(kind, stream);
      if (!isMuted) muted.delete(name);
      else if (muted.size >= MAX_MUTED && !muted.has(name))
        throw new RangeError(`${MAX_MUTED} streams are muted already: unmute those that are gone`);
      else muted.add(name);
      const settled = settle();
      qc.profile({ muted: [...muted] });
      await settled;
    },

    /** @type {import('./index.js').Media['isMuted']} */
    isMuted: (kind, stream) => muted.has(kind) || muted.has(nameOf(kind, stream)),

    /** @type {import('./index.js').Media['replaceTrack']} */
    async replaceTrack(track, stream) {
      const tracks = (stream ? [stream] : qc.getLocalStreams()).flatMap((one) => one.getTracks());
      const old = tracks.find(({ kind }) => kind === track.kind);
      if (!old) throw new Error(`no ${track.kind} is sent that could be replaced: add it with addTrack or addStream`);
      if (old === track) return;
      // Before it is sent.
      if (isOff(old)) disable(track);
      const senders = connections().flatMap((pc) => pc.getSenders().filter((sender) => sender.track === old));
      qc.replaceTrack(track, old.id);
      // The library has begun it, and doesn't tell when it is done. Asked once more, senders answer when both are.
      await Promise.all(senders.map((sender) => sender.replaceTrack(track)));
      await settle();
    },

    /** @type {import('./index.js').Media['setEncodings']} */
    async setEncodings(kind, list) {
      checkKind(kind);
      wishes[kind].add(list);
      await Promise.all(connections().map(settleCall));
    },
  };
}

/** @param {unknown} kind */
function checkKind(kind) {
  if (kind !== 'audio' && kind !== 'video')
    throw new TypeError(`a kind is "audio" or "video", and not ${String(kind)}`);
}
