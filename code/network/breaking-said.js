import { openLine } from 'test-network';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('numbers');
const isOpen = new Promise((done) => channel.addEventListener('open', done));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const line = await openLine();
const arrived = new Map();
b.ondatachannel = (event) => {
  event.channel.onmessage = ({ data }) => {
    arrived.set(Number(data), performance.now());
  };
};
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);
await isOpen;

// Ten messages a second, before the cut, in the cut, and after it.
async function say(from, to) {
  for (let number = from; number < to; number++) {
    channel.send(String(number));
    await wait(100);
  }
}
await say(0, 10);
await line.set({ cut: true });
await say(10, 40);
await line.set({ cut: false });
const mended = performance.now();
await say(40, 80);
await wait(2000);

const lost = [...Array(30).keys()].filter((n) => !arrived.has(n + 10));
console.log(`of 30 that were said in the cut, ${lost.length} are lost`);
const late = Math.round(arrived.get(40) - mended);
console.log(`the first one after it took ${late} ms`);
