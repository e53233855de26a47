import { openLab } from 'test-network';

// Also 'open' for none at all, 'full-cone', 'restricted' and 'symmetric'.
const lab = await openLab({ a: 'port-restricted', b: 'port-restricted' });
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('chat');
const open = new Promise((done) => {
  channel.onopen = () => done('connected through both NATs');
  setTimeout(done, 4000, 'no way found in 4 s');
});

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
await lab.join(a, b);
console.log(await open);

const { packets } = await lab.packets();
for (const { by, to, hops } of packets.slice(0, 10)) {
  const [why = 'passes'] = hops.flatMap(({ verdict }) =>
    'dropped' in verdict ? [verdict.dropped] : [],
  );
  console.log(`${by} to ${to}: ${why}`);
}

const { nats } = await lab.read();
for (const { name, table } of nats) {
  for (const { inside, outside, toward, permitted } of table) {
    const whom = permitted.map((one) => one ?? 'anybody').join(' ');
    console.log(`NAT of ${name}: ${inside} is ${outside}`);
    console.log(`  to ${toward ?? 'anybody'}, lets in ${whom}`);
  }
}
