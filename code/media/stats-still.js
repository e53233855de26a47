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
await new Promise((done) => video.addEventListener('playing', done));
await line.play('cut at 4 s, mend at 7 s');

for (let look = 1; look <= 40; look += 1) {
  await new Promise((done) => setTimeout(done, 500));
  const reports = [...(await b.getStats()).values()];
  const now = reports.find(({ type }) => type === 'inbound-rtp');
  const isMoving = now.framesDecoded > 0;
  const does = isMoving ? 'moves' : 'stands still';
  const frozen = `${now.totalFreezesDuration?.toFixed(1)} s`;
  console.log(`the picture ${does}; freezes: ${now.freezeCount}, ${frozen}`);
}
