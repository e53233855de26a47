import { openLab } from 'test-network';

const lab = await openLab({ a: 'restricted', b: 'restricted' });
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();

const channel = a.createDataChannel('chat');
channel.onopen = async () => {
  channel.send(`I see you as ${await remoteType(a)}`);
};
channel.onmessage = ({ data }) => console.log('b says:', data);
b.ondatachannel = ({ channel }) => {
  channel.onmessage = async ({ data }) => {
    console.log('a says:', data);
    channel.send(`I see you as ${await remoteType(b)}`);
  };
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
await lab.join(a, b);

async function remoteType(pc) {
  const stats = await pc.getStats();
  const transport = [...stats.values()].find((s) => s.type === 'transport');
  const pair = stats.get(transport.selectedCandidatePairId);
  return stats.get(pair.remoteCandidateId).candidateType;
}
