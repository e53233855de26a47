import { openLine } from 'test-network';
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
const channel = a.createDataChannel('work');
const line = await openLine({ delay: 20, seed: 1 });
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);
while (channel.readyState !== 'open') await wait(10);

async function read() {
  const stats = await a.getStats();
  const all = [...stats.values()];
  const transport = all.find(({ type }) => type === 'transport');
  const pair = stats.get(transport.selectedCandidatePairId);
  const { bytesSent } = all.find(({ type }) => type === 'data-channel');
  const taken = bytesSent - channel.bufferedAmount;
  return { pair, at: pair.timestamp, sent: pair.bytesSent, taken };
}
setInterval(() => channel.send(new Uint8Array(1_000)), 25);
await line.play(`delay 150 ms at 2 s, delay 20 ms at 8 s,
  loss 15 % at 8 s, cut at 11 s`);
let last = await read();
for (let second = 1; second <= 14; second += 1) {
  await wait(1_000);
  const now = await read();
  const sent = now.sent - last.sent;
  const fresh = Math.max(0, now.taken - last.taken);
  const share = sent ? Math.round((100 * fresh) / sent) : 0;
  const rate = Math.round((8 * sent) / (now.at - last.at));
  const trip = Math.round(1_000 * now.pair.currentRoundTripTime);
  const heard = Math.max(0, now.at - now.pair.lastPacketReceivedTimestamp);
  console.log(
    `${second} s: heard ${Math.round(heard)} ms ago,`,
    `round trip ${trip} ms, ${rate} kbit/s, ${share} % new data`,
  );
  last = now;
}
