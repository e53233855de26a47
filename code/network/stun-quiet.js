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

// Nothing is sent by the program for eleven seconds.
await new Promise((done) => setTimeout(done, 11_000));
const { packets } = await line.packets();
const quiet = packets.filter(({ at }) => at > packets[0].at + 1.5);
for (const { at, way, summary } of quiet) {
  console.log(`${at.toFixed(1)} s, ${way}: ${summary}`);
}
for (const side of ['a-to-b', 'b-to-a']) {
  const checks = quiet.filter(
    ({ way, summary }) => way === side && summary.startsWith('Binding request'),
  );
  console.log(`${side}: ${checks.length} checks`);
}
