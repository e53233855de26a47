import { pictureAge, testCard } from 'test-media';
import { openLine } from 'test-network';

const video = document.body.appendChild(document.createElement('video'));
Object.assign(video, { width: 320, height: 180, muted: true });
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
b.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
a.addTrack(testCard({ width: 320, height: 180, fps: 15 }));
const line = await openLine({ delay: 100 });
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);
video.play();

async function read() {
  await new Promise((done) => setTimeout(done, 5000));
  const both = await Promise.all([a.getStats(), b.getStats()]);
  const reports = both.flatMap((stats) => [...stats.values()]);
  const rtp = ['remote-inbound-rtp', 'outbound-rtp', 'inbound-rtp'];
  return Object.assign({}, ...reports.filter(({ type }) => rtp.includes(type)));
}
const before = await read();
const ages = [];
setInterval(() => ages.push(pictureAge(video)), 20);
const now = await read();
const grown = (name) => now[name] - (before[name] ?? 0);
const per = (sum, count) => Math.round((1000 * grown(sum)) / grown(count));
const parts = [
  ['to encode', per('totalEncodeTime', 'framesEncoded')],
  ['until it is sent', per('totalPacketSendDelay', 'packetsSent')],
  ['half a round trip', Math.round(500 * now.roundTripTime)],
  ['in the buffer', per('jitterBufferDelay', 'jitterBufferEmittedCount')],
  ['to decode', per('totalDecodeTime', 'framesDecoded')],
];
for (const [name, ms] of parts) console.log(`${name}: ${ms} ms`);
const sum = parts.reduce((all, [, ms]) => all + (ms || 0), 0);
const age = ages.sort((one, other) => one - other)[ages.length >> 1];
console.log(`in all ${sum} ms; by the pixels ${age} ms`);
