import { liveGraph } from 'live-graph';
import { pictureAge, testCard } from 'test-media';
import { openLine } from 'test-network';

const queue = 6_000;
const video = document.body.appendChild(document.createElement('video'));
Object.assign(video, { width: 320, height: 180, muted: true });
const graph = liveGraph({ title: 'Rate', unit: 'kbit/s', lines: ['sent'] });
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
const { sender } = a.addTransceiver(testCard({ fps: 15 }));
const line = await openLine({ delay: 20, queue });
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);

const ages = [];
setInterval(() => ages.push(pictureAge(video)), 20);
let before = { bytesSent: 0, framesEncoded: 0 };
for (let second = 2; second <= 30; second += 2) {
  await new Promise((done) => setTimeout(done, 2000));
  const known = ages.splice(0).filter(Number.isFinite);
  known.sort((one, other) => one - other);
  const age = known[Math.floor(known.length / 2)];
  const reports = [...(await sender.getStats()).values()];
  const now = reports.find(({ type }) => type === 'outbound-rtp') ?? before;
  const rate = Math.round((8 * (now.bytesSent - before.bytesSent)) / 2000);
  graph.add('sent', rate);
  const pictures = now.framesEncoded - before.framesEncoded;
  const size = `${pictures} pictures of ${now.frameHeight} lines`;
  const why = now.qualityLimitationReason ?? '(not told)';
  console.log(`${second} s: ${age} ms old, ${rate} kbit/s, ${size}, ${why}`);
  before = now;
  if (second === 8) await line.set({ rate: 150 }, 'a-to-b');
}
