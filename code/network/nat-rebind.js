import { openLine } from 'test-network';

const line = await openLine({ delay: 10 });
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('clock');
const open = new Promise((done) => (channel.onopen = done));
let heard = 0;
b.ondatachannel = ({ channel }) => {
  channel.onmessage = () => (heard += 1);
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
await line.join(a, b);
await open;

setInterval(() => {
  if (channel.readyState === 'open') channel.send('tick');
}, 50);
await count();
await line.rebind('b'); // As if a's NAT had given it another port.
console.log('a has another port');
for (let i = 0; i < 4; i += 1) await count();

async function count() {
  heard = 0;
  await new Promise((done) => setTimeout(done, 2000));
  const stats = await b.getStats();
  const transport = [...stats.values()].find((s) => s.type === 'transport');
  const pair = stats.get(transport.selectedCandidatePairId);
  const { candidateType } = stats.get(pair.remoteCandidateId);
  console.log(`b heard ${heard} ticks, and sees a as ${candidateType}`);
}
