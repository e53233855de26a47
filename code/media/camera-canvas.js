import { pair } from 'test-media';

const canvas = document.createElement('canvas');
Object.assign(canvas, { width: 320, height: 180 });
const ink = canvas.getContext('2d', { alpha: false });
let count = 0;
function paint() {
  count += 1;
  ink.fillStyle = `hsl(${count * 5} 60% 35%)`;
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.fillStyle = 'white';
  ink.font = '80px sans-serif';
  ink.fillText(count, 40, 120);
}
setInterval(paint, 100);
const [track] = canvas.captureStream().getVideoTracks();

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = (event) => {
  video.srcObject = new MediaStream([event.track]);
  video.play();
};
a.addTrack(track);

for (let second = 1; second <= 10; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const reports = [...(await b.getStats()).values()];
  const inbound = reports.find(({ type }) => type === 'inbound-rtp');
  const decoded = inbound?.framesDecoded ?? 0;
  console.log(`${second} s: painted ${count}, decoded ${decoded}`);
}
