import { openLine } from 'test-network';

const line = await openLine({ delay: 10 });
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('clock');
const open = new Promise((done) => (channel.onopen = done));
b.ondatachannel = ({ channel }) => {
  let last = performance.now();
  channel.onmessage = () => {
    const gap = Math.round(performance.now() - last);
    if (gap > 400) console.log(`b heard nothing for ${gap} ms`);
    last = performance.now();
  };
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
await line.join(a, b);

await open;
setInterval(() => channel.send('tick'), 50);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
await wait(1000);
console.log('b sees a as', await remoteType(b));
await line.rebind('b'); // As if the NAT of a had given it a new port.
await wait(8000);
console.log('now b sees a as', await remoteType(b), b.connectionState);

async function remoteType(pc) {
  const stats = await pc.getStats();
  const transport = [...stats.values()].find((s) => s.type === 'transport');
  const pair = stats.get(transport.selectedCandidatePairId);
  return stats.get(pair.remoteCandidateId).candidateType;
}
