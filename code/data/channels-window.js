import { openLine } from 'test-network';
const kind = { ordered: false, maxRetransmits: 0 };
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const kept = []; // Firefox may close what a program has no name for.

async function connect() {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const [moves, heard] = [a, b].map((pc) =>
    pc.createDataChannel('moves', { ...kind, negotiated: true, id: 0 }),
  );
  const [bulk, sink] = [a, b].map((pc) =>
    pc.createDataChannel('bulk', { negotiated: true, id: 1 }),
  );
  kept.push(a, b, sink);
  const line = await openLine({ delay: 25 });
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await line.join(a, b);
  while (bulk.readyState !== 'open') await wait(10);
  await line.set({ loss: 5 });
  return { moves, heard, bulk };
}
const { moves, heard, bulk } = await connect();
for (const ahead of [0, 65_536]) {
  const delays = [];
  heard.onmessage = ({ data }) => delays.push(performance.now() - data);
  for (let i = 0; i < 150; i += 1) {
    if (bulk.bufferedAmount < ahead) bulk.send(new Uint8Array(16_384));
    moves.send(performance.now());
    await wait(20);
  }
  // After a loss everything may stand still for a while.
  do await wait(500);
  while (delays.length === 0);
  delays.sort((one, other) => one - other);
  const half = Math.round(delays[Math.floor(delays.length / 2)]);
  console.log(ahead ? 'beside a bulk:' : 'alone:', `half within ${half} ms`);
}
