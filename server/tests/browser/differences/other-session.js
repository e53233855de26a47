// A candidate that names an ICE session which no description has.
export default async function ({ offered, peer, outcome }) {
  const { sdp } = await offered();
  const pc = peer();
  await pc.setRemoteDescription({ type: 'offer', sdp });
  const candidate = 'candidate:1 1 udp 2122260223 192.0.2.7 5000 typ host';
  return outcome(pc.addIceCandidate({ candidate, sdpMid: '0', usernameFragment: 'none' }));
}
