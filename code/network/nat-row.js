import { openLab } from 'test-network';

const mine = 'symmetric';
const kinds = ['open', 'full-cone', 'restricted', 'port-restricted'];
await Promise.all([...kinds, 'symmetric'].map(tryWith));

async function tryWith(other) {
  const lab = await openLab({ a: mine, b: other });
  const a = new RTCPeerConnection();
  const b = new RTCPeerConnection();
  const channel = a.createDataChannel('chat');
  const isOpen = new Promise((done) => {
    channel.onopen = () => done(true);
    setTimeout(done, 8000, false);
  });
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await a.setRemoteDescription(answer);
  await lab.join(a, b);
  const words = (await isOpen)
    ? `a sees ${await remoteType(a)}, b sees ${await remoteType(b)}`
    : 'not connected';
  console.log(`${mine} and ${other}: ${words}`);
}

async function remoteType(pc) {
  const stats = await pc.getStats();
  const transport = [...stats.values()].find((s) => s.type === 'transport');
  const pair = stats.get(transport.selectedCandidatePairId);
  return stats.get(pair.remoteCandidateId).candidateType;
}
