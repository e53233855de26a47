// @ts-check
// The ICE servers of one call, if the signaling server gives them. Their credentials expire, and a signaling server that starts anew has others:
// whenever ICE restarts, the peer connection is given what was said last.
//
// May import: nothing.

/**
 * @param {RTCPeerConnection} pc a new one, which has the servers that are given now
 * @param {() => RTCIceServer[] | undefined} given by the signaling server; nothing if the user names some
 */
export function createServers(pc, given) {
  const current = () => JSON.stringify(pc.getConfiguration().iceServers);
  let last = given();
  let ours = current();

  return {
    /** ICE is about to restart. */
    renew() {
      const iceServers = given();
      // The user may have set others.
      if (!iceServers || iceServers === last || current() !== ours) return;
      pc.setConfiguration({ ...pc.getConfiguration(), iceServers });
      last = iceServers;
      ours = current();
    },
  };
}
