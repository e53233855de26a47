import { openLab } from 'test-network';

const lab = await openLab({ a: 'port-restricted', b: 'open' });
const a = new RTCPeerConnection({ iceServers: [{ urls: lab.stun.a }] });
a.createDataChannel('chat');
a.onicecandidate = ({ candidate }) => {
  if (candidate?.type === 'srflx') console.log(candidate.candidate);
};
await a.setLocalDescription();

await new Promise((done) => setTimeout(done, 1500));
const { packets } = await lab.packets();
for (const { by, from, to, length, summary } of packets) {
  console.log(`${by}, ${from} to ${to}: ${summary}, ${length} bytes`);
}
const { nats } = await lab.read();
for (const { inside, outside, permitted } of nats[0].table) {
  console.log(`${inside} is ${outside}, lets in ${permitted}`);
}
