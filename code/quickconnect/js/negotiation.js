// @ts-check
// Offer, answer and candidates between two peers, however their steps interleave. Knows a peer connection and a way to send, nothing else.
//
// This module decides whose turn it is to offer: the master of the pair makes the first offer, and the slave asks before it makes one. So the
// two rarely offer at the same time; when they do, perfect negotiation settles it. Layout:
//   descriptions.js   offers and answers
//   trickle.js        candidates
//   sdp-role.js       which side of DTLS an offer names
//
// May import: descriptions.js, trickle.js.

import { createDescriptions } from './descriptions.js';
import { createTrickle } from './trickle.js';

/**
 * @typedef {object} Negotiation
 * @property {(command: string, data: any) => Promise<void>} receive a message of the other side: `sdp`, `candidate`, `endofcandidates`,
 *   `negotiate` or `requestoffer`. Messages must come in the order in which they were sent. It never rejects.
 * @property {() => void} release negotiates what {@link createNegotiation}'s `mayNegotiate` held back
 * @property {() => void} resume says again what may have been lost on the way
 */

/**
 * Negotiates for one peer connection.
 * @param {object} options
 * @param {RTCPeerConnection} options.pc its events `negotiationneeded`, `icecandidate` and `signalingstatechange` are used here
 * @param {boolean} options.isMaster of two sides one is, and one is not
 * @param {(command: string, data?: object) => void} options.send to the other side, in order
 * @param {(error: unknown) => void} options.onerror what the other side sent is of no use, or a description could not be made
 * @param {() => void} [options.onrestart] ICE is about to restart, because the other side has it so, or an answer was refused
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
  onrestart = () => {},
  mayNegotiate = () => true,
  sdpfilter,
  filterCandidate,
}) {
  /** The slave has asked to offer, and was not let yet. */
  let isAsking = false;
  /** The slave asked when the master had no time for its offer. */
  let isAsked = false;
  /** The slave was let. Until its offer is there the master makes none, so that the two don't collide. */
  let isLetting = false;
  /** Something has to be negotiated, and `mayNegotiate` held it back. */
  let isHeld = false;

  const descriptions = createDescriptions({
    pc,
    isMaster,
    send,
    sdpfilter,
    onerror: fail,
    onrestart,
    onoffer() {
      isLetting = false;
    },
    onapplying: () => trickle.flush(),
    onset() {
      isAsking = false;
    },
    onsettled: letOfferIfAsked,
  });
  const { isApplying, isIgnoring } = descriptions;
  const trickle = createTrickle({
    pc,
    send,
    isApplying,
    isIgnored: isIgnoring,
    filter: filterCandidate,
    onerror: fail,
  });

  pc.addEventListener('negotiationneeded', () => {
    // The first offer is the master's. If something of ours is missing in it, the browser raises this event again.
    if (!isMaster && !pc.remoteDescription) return;
    isHeld = !mayNegotiate();
    if (!isHeld) negotiate();
  });
  pc.addEventListener('signalingstatechange', () => pc.signalingState === 'stable' && letOfferIfAsked());

  function negotiate() {
    if (isMaster) offer();
    else ask();
  }

  function offer() {
    isAsking = false;
    if (!isLetting) return descriptions.offer();
  }

  function ask() {
    isAsking = true;
    send('negotiate', { requestOfferer: true });
  }

  function letOffer() {
    isAsked = descriptions.isBusy();
    if (isAsked) return;
    isLetting = true;
    send('requestoffer');
  }

  function letOfferIfAsked() {
    if (isAsked) letOffer();
  }

  /** @param {unknown} error */
  function fail(error) {
    if (pc.signalingState !== 'closed') onerror(error);
  }

  /** @type {Record<string, (data: any) => unknown>} */
  const handlers = {
    // The call reaches the browser's own queue before the next message is handled, so a candidate can't overtake its description.
    sdp: descriptions.apply,
    candidate: trickle.receive,
    endofcandidates: trickle.receiveEnd,
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
      if (!descriptions.repeatOffer() && isAsking) ask();
    },
  };
}
