import { openLine, withoutCandidates } from 'test-network';

for (const round of [1, 2, 3]) {
  const line = await openLine({ capture: true });
  const a = new RTCPeerConnection();
  const b = new RTCPeerConnection();
  const [from, to] = Math.random() < 0.5 ? [a, b] : [b, a];
  const channel = from.createDataChannel('chat');
  const open = new Promise((done) => (channel.onopen = done));
  await from.setLocalDescription();
  await to.setRemoteDescription(withoutCandidates(from.localDescription));
  await to.setLocalDescription();
  await from.setRemoteDescription(withoutCandidates(to.localDescription));
  await line.join(a, b);
  await open;
  const { packets } = await line.packets();
  console.log(`round ${round}: ${controlling(packets)} controls`);
}

// From the packets alone: 'a' or 'b'.
function controlling(packets) {
  return 'nobody';
}
