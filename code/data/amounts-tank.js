import { liveGraph } from 'live-graph';
import { openLine } from 'test-network';

const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
const channel = a.createDataChannel('bulk');
const lines = ['queued', 'arrived'];
const graph = liveGraph({ title: 'Bulk', unit: 'KiB', lines, seconds: 5 });

let arrived = 0;
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => (arrived += data.byteLength / 1024);
};

const line = await openLine({ delay: 10, rate: 4_000 });
const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
await line.join(a, b);

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
while (channel.readyState !== 'open') await wait(10);

const began = performance.now();
for (let i = 0; i < 64; i += 1) channel.send(new Uint8Array(16_384));
const took = Math.round(performance.now() - began);
console.log(`sent 1024 KiB in ${took} ms`);

for (let i = 0; arrived < 1024; i += 1) {
  const queued = Math.round(channel.bufferedAmount / 1024);
  graph.add('queued', queued);
  graph.add('arrived', arrived);
  if (i % 5 === 0) console.log('KiB queued:', queued, 'arrived:', arrived);
  await wait(50);
}
graph.add('queued', channel.bufferedAmount / 1024);
graph.add('arrived', arrived);
console.log('all arrived, queued:', channel.bufferedAmount);
