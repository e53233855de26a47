import { openLine } from 'test-network';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const isOpen = ({ readyState }) => readyState === 'open';
const once = { negotiated: true, id: 1, ordered: false, maxRetransmits: 0 };

async function play(seed) {
  const line = await openLine({ a_to_b: { loss: 20 }, seed, capture: true });
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const numbers = a.createDataChannel('numbers', once);
  const end = a.createDataChannel('end', { negotiated: true, id: 2 });
  const missing = new Set(Array.from({ length: 80 }, (_, i) => `${i + 1}`));
  b.createDataChannel('numbers', once).onmessage = ({ data }) => {
    missing.delete(data);
  };
  const isOver = new Promise((done) => {
    b.createDataChannel('end', { negotiated: true, id: 2 }).onmessage = done;
  });
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await line.join(a, b);
  while (![numbers, end].every(isOpen)) await wait(10);
  for (const number of [...missing]) {
    numbers.send(number);
    await wait(20);
  }
  end.send('that was all');
  await isOver;
  const { packets } = await line.packets();
  const sent = packets.filter(({ way }) => way === 'a-to-b').slice(0, 60);
  const lost = sent.flatMap(({ fate }, i) => (fate === 'loss' ? [i + 1] : []));
  console.log(`seed ${seed}, lost of the first 60 packets: ${lost}`);
  console.log(`seed ${seed}, missing of 80 messages: ${[...missing]}`);
  for (const pc of [a, b]) pc.close();
  return `${lost}`;
}
const [first, second] = [await play(85), await play(85)];
console.log('the same places:', first === second);
