// @ts-check
// The offers and answers of one side, after https://www.w3.org/TR/webrtc/#perfect-negotiation-example, whose names it keeps. Whose turn it is
// to offer is decided in `negotiation.js`.
//
// Beyond the example, each offer has a number, which its answer repeats. After an outage of signaling both may be sent again; by the number, an
// answer is not taken for that of a later offer, and no offer is answered twice.
//
// May import: sdp-role.js.

import { withSettledRole } from './sdp-role.js';

/** The first of the names of ICE. @param {string} sdp */
const ufragIn = (sdp) => /^a=ice-ufrag:.*/m.exec(sdp)?.[0];

/**
 * Creates the exchange of descriptions for one peer connection.
 * @param {object} options
 * @param {RTCPeerConnection} options.pc
 * @param {boolean} options.isMaster the master is the impolite one: it ignores an offer that collides with its own
 * @param {(command: string, data: object) => void} options.send
 * @param {(sdp: string, pc: RTCPeerConnection) => string} [options.sdpfilter]
 * @param {(error: unknown) => void} options.onerror an offer could not be made
 * @param {() => void} options.onrestart ICE is about to restart, by an offer of the other side or after one of ours
 * @param {() => void} options.onoffer an offer of the other side is about to be applied
 * @param {() => void} options.onapplying the browser has a description of the other side, and did not finish with it
 * @param {() => void} options.onset it has finished
 * @param {() => void} options.onsettled a description is applied, and answered, or was refused
 */
export function createDescriptions({
  pc,
  isMaster,
  send,
  sdpfilter,
  onerror,
  onrestart,
  onoffer,
  onapplying,
  onset,
  onsettled,
}) {
  let makingOffer = false;
  let ignoreOffer = false;
  let isSettingRemoteAnswerPending = false;
  /** A description of the other side is being applied, and answered. */
  let isApplying = false;
  /** The answer to our last offer was refused, and a new offer is on its way. */
  let isRepairing = false;
  /** The number of our offer that waits for its answer. */
  let awaited = NaN;
  /** The number of the other side's offer that was answered last. */
  let answered = NaN;

  const isBusy = () => makingOffer || isApplying || pc.signalingState !== 'stable';

  async function offer() {
    // Once it is stable, the browser raises `negotiationneeded` again.
    if (isBusy()) return;
    makingOffer = true;
    awaited = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
    try {
      await describe(() => pc.createOffer());
    } catch (error) {
      // The other side's offer came first, so ours was out of date before it took effect.
      const state = /** @type {RTCSignalingState} */ (pc.signalingState);
      if (state !== 'have-remote-offer') onerror(error);
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
      // Without an argument the browser creates the description itself, so that nothing can happen between the two steps.
      await pc.setLocalDescription();
    }
    sendDescription();
  }

  function sendDescription() {
    const { type, sdp } = /** @type {RTCSessionDescription} */ (pc.localDescription);
    const { currentLocalDescription: local, currentRemoteDescription: remote } = pc;
    if (type === 'offer') send('sdp', { type, sdp: withSettledRole(sdp, local, remote), offer: awaited });
    else send('sdp', { type, sdp, offer: answered });
  }

  /** @param {RTCSessionDescriptionInit & { offer?: number }} description rejects if it is of no use */
  async function apply(description) {
    const { type, sdp, offer: number } = description ?? {};
    if ((type !== 'offer' && type !== 'answer') || typeof sdp !== 'string')
      throw new TypeError('this is no offer or answer with an SDP');
    const readyForOffer = !makingOffer && (pc.signalingState === 'stable' || isSettingRemoteAnswerPending);
    const offerCollision = type === 'offer' && !readyForOffer;
    ignoreOffer = isMaster && offerCollision;
    if (ignoreOffer) return;
    if (type === 'answer') {
      // Other implementations send no number.
      if (Number.isNaN(awaited) || (number ?? awaited) !== awaited) return;
    } else if (number === answered) {
      if (!isApplying && pc.localDescription?.type === 'answer') sendDescription();
      return;
    }

    if (type === 'offer') {
      onoffer();
      const { currentRemoteDescription: before } = pc;
      // Other credentials restart ICE (https://www.rfc-editor.org/rfc/rfc8839#section-4.4.1.1.1).
      if (before && ufragIn(sdp) !== ufragIn(before.sdp)) onrestart();
    }
    awaited = NaN;
    answered = (type === 'offer' && number) || NaN;
    isApplying = true;
    isSettingRemoteAnswerPending = type === 'answer';
    try {
      // The polite side rolls its own offer back. Browsers would do so implicitly, but then Firefox refuses an ICE restart. If the offer has not
      // taken effect yet, the rollback is refused, and not needed.
      if (offerCollision) pc.setLocalDescription({ type: 'rollback' }).catch(() => {});
      const isSet = pc.setRemoteDescription({ type, sdp });
      onapplying();
      await isSet;
      isSettingRemoteAnswerPending = isRepairing = false;
      onset();
      if (type === 'offer') await describe(() => pc.createAnswer());
    } catch (error) {
      answered = NaN;
      // Errors of the candidates that follow are of no interest: they belong to the refused description.
      ignoreOffer = true;
      if (!(await repair())) throw error;
    } finally {
      isSettingRemoteAnswerPending = false;
      isApplying = false;
      onsettled();
    }
  }

  /**
   * Rolls back an offer whose answer was refused, and makes a new one with an ICE restart; once, so that it can't loop. Firefox 153 answers with
   * new ICE credentials when a restart was due on its own side, although the offer did not ask for one. The first offer can't be repaired:
   * Chromium 156 forgets the data channels with it, and the next offer would be empty.
   * @returns {Promise<boolean>} whether there was an offer to roll back
   */
  async function repair() {
    if (isRepairing || !pc.currentRemoteDescription || pc.signalingState !== 'have-local-offer') return false;
    isRepairing = true;
    await pc.setLocalDescription({ type: 'rollback' });
    onrestart();
    pc.restartIce();
    return true;
  }

  return {
    isBusy,
    isApplying: () => isApplying,
    /** Whether the last description of the other side was ignored or refused. */
    isIgnoring: () => ignoreOffer,
    offer,
    apply,

    /** Sends our offer again if it waits for its answer. @returns {boolean} whether it does */
    repeatOffer() {
      const isWaiting = pc.signalingState === 'have-local-offer' && !isApplying;
      if (isWaiting) sendDescription();
      return isWaiting;
    },
  };
}
