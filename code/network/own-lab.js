import { openLab } from 'test-network';

const lab = await openLab({ a: 'symmetric', b: 'restricted' });

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('words');
channel.onopen = async () => {
  console.log('open, b is', b.connectionState);
  const { nats } = await lab.read();
  for (const { name, table } of nats)
    for (const { inside, outside, toward } of table)
      console.log(`${name}: ${inside} is ${outside} toward`, toward);
};

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await lab.join(a, b);
