import { openLab } from 'test-network';
import { address, any, Nat, port } from './nat-simulator.js';

const kinds = {
  a: { mapping: any, filtering: address },
  b: { mapping: port, filtering: port },
};
const lab = await openLab(kinds);
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
const open = new Promise((done) => {
  a.createDataChannel('chat').onopen = () => done('connected');
  setTimeout(done, 4000, 'not connected');
});
const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
await lab.join(a, b);
console.log(await open);

const words = ({ inside, outside, toward, permitted }) =>
  `${inside} is ${outside}\n  to ${toward ?? 'anybody'}, lets in ` +
  [...permitted].map((one) => one ?? 'anybody').join(' ');
const [{ nats }, { packets }] = [await lab.read(), await lab.packets()];
for (const { name, outside, table } of nats) {
  const nat = new Nat(outside, kinds[name]);
  nat.leave(table[0].inside, '198.51.100.1:3478'); // As A and B ask S.
  for (const { by, hops } of packets) {
    const { from, to, verdict } = hops.find((hop) => hop.nat === name) ?? {};
    if (!from) continue;
    const said = by === name ? nat.leave(from, to) : nat.enter(from, to);
    const real = verdict.passed?.[by === name ? 'from' : 'to'];
    if (said !== real) console.log(`${from} to ${to}: ${said}, not ${real}`);
  }
  const [one, two] = [table, nat.table].map((t) => t.map(words).join('\n'));
  console.log(`${name} in the lab:\n${one}`);
  console.log(`${name} simulated: ${one === two ? 'right' : 'wrong'}\n${two}`);
}
