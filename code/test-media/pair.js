// @ts-check
// Two connections of one page, each told the candidates of the other, which exchange offer and answer whenever one of them needs it.
//
// May import: nothing.

/** @typedef {typeof import('./index.d.ts')} Library */

/** @type {Library['pair']} */
export function pair(configuration) {
  const a = new RTCPeerConnection(configuration);
  const b = new RTCPeerConnection(configuration);
  /** Those that need a negotiation. @type {Set<RTCPeerConnection>} */
  const needing = new Set();
  let isBusy = false;

  // By listeners, which leave the properties (`onicecandidate` …) to the code that uses the pair.
  for (const [one, other] of [
    [a, b],
    [b, a],
  ]) {
    one.addEventListener('icecandidate', ({ candidate }) => {
      if (isOpen(other)) other.addIceCandidate(candidate);
    });
    one.addEventListener('negotiationneeded', () => {
      needing.add(one);
      if (!isBusy) negotiate();
    });
  }
  return [a, b];

  /** One exchange after another, so that the two never offer at once. */
  async function negotiate() {
    isBusy = true;
    try {
      for (const one of needing) {
        const other = one === a ? b : a;
        needing.delete(one);
        if (isOpen(one) && isOpen(other)) await exchange(one, other);
      }
    } finally {
      isBusy = false;
    }
  }

  /** @param {RTCPeerConnection} one @param {RTCPeerConnection} other */
  async function exchange(one, other) {
    await one.setLocalDescription();
    await other.setRemoteDescription(given(one.localDescription));
    // The answer may have what it needed. If not, its browser says so again (https://www.w3.org/TR/webrtc/#updating-the-negotiation-needed-flag).
    needing.delete(other);
    await other.setLocalDescription();
    await one.setRemoteDescription(given(other.localDescription));
  }
}

/** @param {RTCPeerConnection} pc */
const isOpen = (pc) => pc.signalingState !== 'closed';

/** What was just set. @param {RTCSessionDescription | null} description */
const given = (description) => /** @type {RTCSessionDescription} */ (description);
