import { openLine } from 'test-network';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('any');
const isOpen = new Promise((done) => channel.addEventListener('open', done));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const line = await openLine();

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);
await isOpen;

const start = performance.now();
function log(text) {
  console.log(`${((performance.now() - start) / 1000).toFixed(1)} s: ${text}`);
}
a.onconnectionstatechange = () => log(`A is ${a.connectionState}`);
b.onconnectionstatechange = () => log(`B is ${b.connectionState}`);
channel.onclose = () => log('the channel is closed');

await line.set({ cut: true });
log('cut');
await wait(12_000);
await line.set({ cut: false });
log('mended');
await wait(6000);
log(`A is now ${a.connectionState}, the channel ${channel.readyState}`);
