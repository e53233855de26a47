import { testCard } from 'test-media';
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
async function counts() {
  const reports = [];
  for (const pc of [a, b]) reports.push(...(await pc.getStats()).values());
  const of = (wanted) => reports.find(({ type }) => type === wanted) ?? {};
  const sent = of('outbound-rtp');
  const got = of('inbound-rtp');
  const repair = [got.nackCount, sent.retransmittedPacketsSent];
  return [got.packetsLost, ...repair, got.framesDecoded, got.freezeCount];
}

await wait(4000);
const names = ['lost', 'requests', 'sent again', 'pictures', 'freezes'];
for (const loss of [0, 5, 20]) {
  await line.set({ loss }, 'a-to-b');
  const before = await counts();
  await wait(8000);
  const now = await counts();
  const row = names.map((name, i) => `${now[i] - before[i]} ${name}`);
  console.log(`loss ${loss} %: ${row.join(', ')}`);
}
