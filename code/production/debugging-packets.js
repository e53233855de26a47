import { openLine } from 'test-network';

// Of all that A sends, nothing arrives.
const line = await openLine({ capture: true, a_to_b: { cut: true } });
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.createDataChannel('any');

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);

await new Promise((done) => setTimeout(done, 4_000));
console.log('A: ICE', a.iceConnectionState);
console.log('B: ICE', b.iceConnectionState);

// How many of each kind, and what became of them.
const counts = new Map();
const { packets } = await line.packets();
for (const { way, summary, fate } of packets) {
  const [kind] = summary.split(',');
  const text = `${way}: ${kind}, ${fate}`;
  counts.set(text, (counts.get(text) ?? 0) + 1);
}
for (const [text, count] of counts) console.log(`${count} × ${text}`);
