import { openLine } from 'test-network';

const line = await openLine({ capture: true });
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('hello');
const isOpen = new Promise((done) => channel.addEventListener('open', done));

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);
await isOpen;

const quiet = () => new Promise((done) => setTimeout(done, 800));
await quiet();
const { packets: first } = await line.packets();
console.log('until the channel is open:', first.length, 'packets');

channel.send('hello');
await quiet();
const { packets } = await line.packets({ after: first.at(-1).number });
for (const { protocol, way, length } of packets)
  console.log(`${protocol} ${way}: ${length} bytes`);
