import { pair, pictureAge, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);

const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
const card = testCard({ width: 640, height: 360, fps: 20 });
a.addTrack(card);

for (let second = 1; second <= 10; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  console.log('the picture of A is', pictureAge(video), 'ms old at B');
}
card.stop();
console.log('stopped');
