import { openLine } from 'test-network';

const piece = new Uint8Array(16_384);
const ahead = 524_288;
const queue = 16_384;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
const [bulk] = [a, b].map((pc) =>
  pc.createDataChannel('bulk', { negotiated: true, id: 0 }),
);
const [ping, echo] = [a, b].map((pc) =>
  pc.createDataChannel('ping', { negotiated: true, id: 1, ordered: false }),
);
echo.onmessage = ({ data }) => echo.send(data);

const line = await openLine({ delay: 10, rate: 2_000, queue });
const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
await line.join(a, b);
while (ping.readyState !== 'open') await wait(10);

for (const isBusy of [false, true]) {
  const trips = [];
  ping.onmessage = ({ data }) => trips.push(performance.now() - data);
  for (let i = 0; i < 100; i += 1) {
    if (isBusy && bulk.bufferedAmount < ahead) bulk.send(piece);
    ping.send(performance.now());
    await wait(30);
  }
  trips.sort((one, other) => one - other);
  const half = Math.round(trips[Math.floor(trips.length / 2)]);
  console.log(isBusy ? 'busy:' : 'idle:', `round trip ${half} ms`);
}
