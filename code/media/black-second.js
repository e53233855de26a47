import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();

b.ontrack = ({ track }) => {
  console.log('ontrack:', track.kind);
  video.srcObject = new MediaStream([track]);
  video.play().catch(({ name }) => console.log('play():', name));
};

a.addTrack(testCard({ width: 320, height: 180, fps: 15 }));
// A place for a sound, which need not be there yet.
a.addTransceiver('audio');

for (let second = 1; second <= 8; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const reports = [...(await b.getStats()).values()];
  const got = reports.find(({ framesDecoded }) => framesDecoded > 0);
  const tracks = video.srcObject?.getTracks() ?? [];
  const kinds = tracks.map(({ kind }) => kind).sort();
  console.log(
    `${second} s: decoded ${got?.framesDecoded ?? 0}, the element has`,
    `${kinds.join(' and ')}, picture ${video.videoWidth},`,
    `paused ${video.paused}`,
  );
}
