import { openLine } from 'test-network';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('any');
const isOpen = new Promise((done) => channel.addEventListener('open', done));
const line = await openLine({ capture: true });

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);
await isOpen;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
// Acknowledgments of the beginning may still be under way.
await wait(2000);
const before = (await line.packets()).packets.at(-1).number;
await wait(12_000);
const { packets } = await line.packets({ after: before });

let last;
for (const { at, way, protocol, summary } of packets) {
  console.log(`${at.toFixed(1)} s, ${way}, ${protocol}: ${summary}`);
  const isCheck = way === 'a-to-b' && summary.startsWith('Binding request');
  if (!isCheck) continue;
  const ms = Math.round((at - last) * 1000);
  if (last) console.log(`a check of A, ${ms} ms after its last one`);
  last = at;
}
