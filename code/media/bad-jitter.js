import { pictureAge, testCard } from 'test-media';
import { openLine } from 'test-network';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
a.addTrack(testCard({ width: 320, height: 180, fps: 15 }));
const line = await openLine({ delay: 20 });
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const ages = [];
setInterval(() => ages.push(pictureAge(video)), 20);
async function inbound() {
  const reports = [...(await b.getStats()).values()];
  return reports.find(({ type }) => type === 'inbound-rtp') ?? {};
}
for (const jitter of [0, 200]) {
  await line.set({ jitter }, 'a-to-b');
  await wait(5000);
  const before = await inbound();
  ages.length = 0;
  await wait(5000);
  const now = await inbound();
  const delay = now.jitterBufferDelay - before.jitterBufferDelay;
  const count = now.jitterBufferEmittedCount - before.jitterBufferEmittedCount;
  ages.sort((one, other) => one - other);
  const age = ages[Math.floor(ages.length / 2)];
  const kept = Math.round((1000 * delay) / count);
  console.log(`jitter ${jitter} ms: ${age} ms old, ${kept} in the buffer`);
}
