// @ts-check
// One call: the peer connection to one other peer, and the negotiation that brings it up. Knows nothing of sockets.

/** How often, in ms, the other side is told that we are ready, until it says the same. */
const READY_INTERVAL = 100;
/** Without a connection within this time, in ms, the call is given up: the other side is deaf, or no way leads to it. */
const FAIL_TIMEOUT = 30_000;
/** How often, in ms, the other side hears that we are there. The original ends a call after four silent intervals. */
const PING_INTERVAL = 2_500;
/**
 * A data channel that both sides declare and nobody sees. Without it an offer could be empty: no media section, no ICE, no
 * `call:started`. The id is high, so that it is in nobody's way.
 */
const HIDDEN_CHANNEL = { label: 'rtc-quickconnect', id: 1022 };

/**
 * @typedef {object} Call
 * @property {RTCPeerConnection} pc
 * @property {(command: string, data: any) => void} receive a directed frame from the other side
 * @property {() => void} close
 */

/**
 * @param {object} options
 * @param {boolean} options.isMaster the master makes the offer
 * @param {RTCConfiguration} options.configuration
 * @param {(command: string, data?: object) => void} options.send a directed frame to the other side
 * @param {() => void} options.onstarted the two are connected, for the first time
 * @param {() => void} options.onfailed the connection is lost for good
 * @param {(error: unknown) => void} options.onerror the other side sent something that the browser refuses
 * @returns {Call}
 */
export function createCall({ isMaster, configuration, send, onstarted, onfailed, onerror }) {
  const pc = new RTCPeerConnection(configuration);
  pc.createDataChannel(HIDDEN_CHANNEL.label, { negotiated: true, id: HIDDEN_CHANNEL.id });
  let hasStarted = false;
  let peerIsReady = false;

  const sayReady = () => send('ready');
  const readyTimer = setInterval(sayReady, READY_INTERVAL);
  const pingTimer = setInterval(() => send('ping'), PING_INTERVAL);
  const failTimer = setTimeout(onfailed, FAIL_TIMEOUT);
  sayReady();

  pc.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) send('candidate', candidate.toJSON());
    else if (!candidate) send('endofcandidates', {});
  };
  pc.onconnectionstatechange = () => {
    if (pc.connectionState === 'failed') onfailed();
    if (pc.connectionState !== 'connected' || hasStarted) return;
    hasStarted = true;
    clearTimeout(failTimer);
    onstarted();
  };

  async function offer() {
    await pc.setLocalDescription(await pc.createOffer());
    sendDescription();
  }

  /** @param {RTCSessionDescriptionInit} description */
  async function answer(description) {
    await pc.setRemoteDescription(description);
    await pc.setLocalDescription(await pc.createAnswer());
    sendDescription();
    // A master that had nothing to offer made an empty offer. We have our channel: ask to offer instead.
    if (!description.sdp?.includes('\nm=')) send('negotiate', { requestOfferer: true });
  }

  function sendDescription() {
    const { type, sdp } = /** @type {RTCSessionDescription} */ (pc.localDescription);
    send('sdp', { type, sdp });
  }

  const handlers = {
    ready() {
      if (peerIsReady) return;
      peerIsReady = true;
      clearInterval(readyTimer);
      // They may have been deaf until now: an original client hears nothing before it has seen our announce.
      sayReady();
      if (isMaster) return offer();
    },
    // Both calls reach the browser's own queue before the next frame is handled, so a candidate can't overtake its description.
    /** @param {RTCSessionDescriptionInit} description */
    sdp: (description) => (description.type === 'offer' ? answer(description) : pc.setRemoteDescription(description)),
    /** @param {RTCIceCandidateInit} candidate */
    candidate: (candidate) => pc.addIceCandidate(candidate),
    endofcandidates: () => pc.addIceCandidate(),
    requestoffer: offer,
  };
  const handlersByCommand = new Map(Object.entries(handlers));

  return {
    pc,
    async receive(command, data) {
      const handler = handlersByCommand.get(command);
      try {
        await handler?.(data);
      } catch (error) {
        if (pc.signalingState !== 'closed') onerror(error);
      }
    },
    close() {
      clearInterval(readyTimer);
      clearInterval(pingTimer);
      clearTimeout(failTimer);
      pc.onicecandidate = pc.onconnectionstatechange = null;
      pc.close();
    },
  };
}
