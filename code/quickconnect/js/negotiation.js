// @ts-check
// Offer, answer and candidates between two peers, however their steps interleave. Knows a peer connection and a way to send, nothing else.
//
// It follows the example of perfect negotiation in https://www.w3.org/TR/webrtc/#perfect-negotiation-example, under the rules of the
// protocol: the master of the pair makes the first offer, and is the impolite one. The slave asks before it offers, and is let.

/** Candidates that may come before any description; no browser gathers as many. */
const MAX_EARLY_CANDIDATES = 64;

/**
 * @typedef {object} Negotiation
 * @property {(command: string, data: any) => Promise<void>} receive a frame of the other side: `sdp`, `candidate`, `endofcandidates`,
 *   `negotiate` or `requestoffer`. Frames must come in the order in which they were sent. It never rejects.
 * @property {() => void} release negotiates what {@link createNegotiation}'s `mayNegotiate` held back
 * @property {() => void} resume says again what may have been lost on the way
 */

/**
 * @param {object} options
 * @param {RTCPeerConnection} options.pc its events `negotiationneeded`, `icecandidate` and `signalingstatechange` are used here
 * @param {boolean} options.isMaster of two sides one is, and one is not
 * @param {(command: string, data?: object) => void} options.send to the other side, in order
 * @param {(error: unknown) => void} options.onerror what the other side sent is of no use, or a description could not be made
 * @param {() => boolean} [options.mayNegotiate] whether to act at once when something has to be negotiated
 * @param {(sdp: string, pc: RTCPeerConnection) => string} [options.sdpfilter]
 * @param {(candidate: RTCIceCandidateInit) => boolean} [options.filterCandidate]
 * @returns {Negotiation}
 */
export function createNegotiation({
  pc,
  isMaster,
  send,
  onerror,
  mayNegotiate = () => true,
  sdpfilter,
  filterCandidate,
}) {
  let makingOffer = false;
  let ignoreOffer = false;
  let isSettingRemoteAnswerPending = false;
  /** A description of the other side is being applied, and answered. */
  let isApplying = false;
  /** The slave has asked to offer, and was not let yet. */
  let isAsking = false;
  /** The slave asked when the master had no time for its offer. */
  let isAsked = false;
  /** The slave was let. Until its offer is there the master makes none, so that the two don't collide. */
  let isLetting = false;
  /** The answer to our last offer was refused, and we have offered anew. */
  let isRepairing = false;
  let isHeld = false;
  /** Our offer that waits for its answer. Offers and answers carry its number, because one that is said again may be answered twice. */
  let awaited = NaN;
  /** The offer of the other side that was answered last. */
  let answered = NaN;
  /** @type {RTCIceCandidateInit[]} */
  const earlyCandidates = [];

  pc.addEventListener('negotiationneeded', () => {
    // The first offer is the master's. If something of ours is missing in it, the browser raises this event again.
    if (!isMaster && !pc.remoteDescription) return;
    isHeld = !mayNegotiate();
    if (!isHeld) negotiate();
  });
  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate?.candidate) send('candidate', candidate.toJSON());
    else if (!candidate) send('endofcandidates', {});
  });
  pc.addEventListener('signalingstatechange', () => {
    if (isAsked && pc.signalingState === 'stable') letOffer();
  });

  function negotiate() {
    if (isMaster) offer();
    else ask();
  }

  function ask() {
    isAsking = true;
    send('negotiate', { requestOfferer: true });
  }

  function letOffer() {
    isAsked = makingOffer || isApplying || pc.signalingState !== 'stable';
    if (isAsked) return;
    isLetting = true;
    send('requestoffer');
  }

  async function offer() {
    isAsking = false;
    // Otherwise the browser raises `negotiationneeded` again once it is stable.
    if (isLetting || makingOffer || isApplying || pc.signalingState !== 'stable') return;
    makingOffer = true;
    awaited = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
    try {
      await describe(() => pc.createOffer());
    } catch (error) {
      // The other side's offer came first, so ours was out of date before it took effect.
      const state = /** @type {RTCSignalingState} */ (pc.signalingState);
      if (state !== 'have-remote-offer') fail(error);
    } finally {
      makingOffer = false;
    }
  }

  /** Makes a description, lets it take effect, and sends it. @param {() => Promise<RTCSessionDescriptionInit>} create */
  async function describe(create) {
    if (sdpfilter) {
      const { type, sdp = '' } = await create();
      await pc.setLocalDescription({ type, sdp: sdpfilter(sdp, pc) });
    } else {
      // One step instead of two, so that nothing comes in between.
      await pc.setLocalDescription();
    }
    sendDescription();
  }

  function sendDescription() {
    const { type, sdp } = /** @type {RTCSessionDescription} */ (pc.localDescription);
    if (type === 'offer') send('sdp', { type, sdp: withRole(sdp), offer: awaited });
    else send('sdp', { type, sdp, offer: answered });
  }

  /**
   * Says in an offer which side of DTLS we are, once that is settled (https://www.rfc-editor.org/rfc/rfc8842#section-5.5). Browsers leave it
   * open, whereupon Firefox 153 answers `active` even if it is the passive one, and Chromium refuses that answer.
   * @param {string} sdp
   */
  function withRole(sdp) {
    const { currentLocalDescription: local, currentRemoteDescription: remote } = pc;
    const [answer, isOurs] = local?.type === 'answer' ? [local, true] : [remote, false];
    const [, role] = /^a=setup:(active|passive)/m.exec(answer?.sdp ?? '') ?? [];
    if (!role) return sdp;
    const isActive = (role === 'active') === isOurs;
    return sdp.replaceAll('a=setup:actpass', `a=setup:${isActive ? 'active' : 'passive'}`);
  }

  /** @param {RTCSessionDescriptionInit & { offer?: number }} description */
  async function apply(description) {
    const { type, sdp, offer: number } = description ?? {};
    if ((type !== 'offer' && type !== 'answer') || typeof sdp !== 'string')
      throw new TypeError('a description is an offer or an answer, with its SDP');
    const readyForOffer = !makingOffer && (pc.signalingState === 'stable' || isSettingRemoteAnswerPending);
    const offerCollision = type === 'offer' && !readyForOffer;
    ignoreOffer = isMaster && offerCollision;
    if (ignoreOffer) return;
    if (type === 'answer') {
      // Other implementations say no number.
      if (Number.isNaN(awaited) || (number ?? awaited) !== awaited) return;
    } else if (number === answered) {
      if (!isApplying && pc.localDescription?.type === 'answer') sendDescription();
      return;
    }

    if (type === 'offer') isLetting = false;
    awaited = NaN;
    answered = (type === 'offer' && number) || NaN;
    isApplying = true;
    isSettingRemoteAnswerPending = type === 'answer';
    try {
      // The polite one takes back its own offer. Browsers would do it by themselves, but Firefox refuses an ICE restart then. An offer that
      // has not taken effect yet can't be taken back, and need not.
      if (offerCollision) pc.setLocalDescription({ type: 'rollback' }).catch(() => {});
      const isSet = pc.setRemoteDescription({ type, sdp });
      for (const candidate of earlyCandidates.splice(0)) addCandidate(candidate);
      await isSet;
      isSettingRemoteAnswerPending = false;
      isAsking = isRepairing = false;
      if (type === 'offer') await describe(() => pc.createAnswer());
    } catch (error) {
      answered = NaN;
      // The candidates that follow belong to it.
      ignoreOffer = true;
      if (!(await repair())) throw error;
    } finally {
      isSettingRemoteAnswerPending = false;
      isApplying = false;
      if (isAsked) letOffer();
    }
  }

  /**
   * Takes back an offer whose answer was refused, and restarts ICE with the next one, once. Firefox 153 answers with a restart when one was
   * due on its side, which the offer did not ask for.
   * @returns {Promise<boolean>} whether there was an offer to take back
   */
  async function repair() {
    if (isRepairing || pc.signalingState !== 'have-local-offer') return false;
    isRepairing = true;
    await pc.setLocalDescription({ type: 'rollback' });
    pc.restartIce();
    return true;
  }

  /** @param {RTCIceCandidateInit} [candidate] nothing stands for the end of them */
  async function addCandidate(candidate) {
    try {
      await pc.addIceCandidate(candidate);
    } catch (error) {
      // It belongs to an offer that was ignored, or a description that was refused.
      if (!ignoreOffer) fail(error);
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    if (pc.signalingState !== 'closed') onerror(error);
  }

  /** @type {Record<string, (data: any) => unknown>} */
  const handlers = {
    // The call reaches the browser's own queue before the next frame is handled, so a candidate can't overtake its description.
    sdp: apply,
    candidate(candidate) {
      if (filterCandidate && !filterCandidate(candidate)) return;
      if (pc.remoteDescription || isApplying) return addCandidate(candidate);
      if (earlyCandidates.length < MAX_EARLY_CANDIDATES) earlyCandidates.push(candidate);
    },
    endofcandidates: () => (pc.remoteDescription || isApplying) && addCandidate(),
    negotiate(data) {
      if (!isMaster) return;
      if (data?.requestOfferer) letOffer();
      else offer();
    },
    requestoffer: () => !isMaster && offer(),
  };

  return {
    async receive(command, data) {
      try {
        if (Object.hasOwn(handlers, command)) await handlers[command](data);
      } catch (error) {
        fail(error);
      }
    },
    release() {
      if (!isHeld) return;
      isHeld = false;
      negotiate();
    },
    resume() {
      if (pc.signalingState === 'have-local-offer' && !isApplying) sendDescription();
      else if (isAsking) ask();
    },
  };
}
