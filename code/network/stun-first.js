import { openLine, withoutCandidates } from 'test-network';

const line = await openLine({ delay: 20, capture: true });
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('chat');
const open = new Promise((done) => (channel.onopen = done));
await a.setLocalDescription();
await b.setRemoteDescription(withoutCandidates(a.localDescription));
await b.setLocalDescription();
await a.setRemoteDescription(withoutCandidates(b.localDescription));
await line.join(a, b);
await open;

const { packets } = await line.packets();
for (const { way, length, summary } of packets.slice(0, 16)) {
  console.log(`${way}, ${length} bytes: ${summary}`);
}

const first = packets.find(({ way }) => way === 'a-to-b');
for (const { offset, length, name, value } of first.rows) {
  console.log(`from byte ${offset}, ${length} bytes: ${name} ${value}`);
}
