// @ts-check
// Trickle ICE: sends candidates as the browser finds them, and adds those of the other side.
//
// May import: nothing.

/** Candidates that are kept until there is a description for them; no browser gathers as many. */
const MAX_EARLY_CANDIDATES = 64;

/**
 * Exchanges the candidates of one peer connection.
 * @param {object} options
 * @param {RTCPeerConnection} options.pc
 * @param {(command: string, data: object) => void} options.send
 * @param {() => boolean} options.isIgnored whether candidates belong to an offer that was ignored, or to a description that was refused
 * @param {() => boolean} options.isApplying whether a description is on its way into the peer connection
 * @param {(candidate: RTCIceCandidateInit) => boolean} [options.filter]
 * @param {(error: unknown) => void} options.onerror
 */
export function createTrickle({ pc, send, isIgnored, isApplying, filter, onerror }) {
  /** @type {RTCIceCandidateInit[]} */
  const early = [];

  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate?.candidate) send('candidate', candidate.toJSON());
    else if (!candidate) send('endofcandidates', {});
  });

  /** @param {RTCIceCandidateInit} [candidate] undefined stands for the end of them */
  async function add(candidate) {
    try {
      await pc.addIceCandidate(candidate);
    } catch (error) {
      if (!isIgnored()) onerror(error);
    }
  }

  // A description that is being applied is in the browser's own queue already, so a candidate can't overtake it.
  const hasDescription = () => pc.remoteDescription || isApplying();

  return {
    /** @param {RTCIceCandidateInit} candidate */
    receive(candidate) {
      if (filter && !filter(candidate)) return;
      if (hasDescription()) return add(candidate);
      if (early.length < MAX_EARLY_CANDIDATES) early.push(candidate);
    },

    receiveEnd: () => hasDescription() && add(),

    /** Adds those that came before their description, which the browser has now. */
    flush: () => early.splice(0).forEach((candidate) => add(candidate)),
  };
}
