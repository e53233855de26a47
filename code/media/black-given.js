import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ streams }) => {
  video.srcObject = streams[0];
};
a.addTrack(testCard({ width: 320, height: 180, fps: 15 }));

setInterval(() => {
  const { videoWidth, videoHeight, paused } = video;
  const size = `${videoWidth}×${videoHeight}`;
  console.log(`the element: ${size}, ${paused ? 'paused' : 'plays'}`);
}, 1000);
