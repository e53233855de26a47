import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  console.log('B has a track');
  video.srcObject = new MediaStream([track]);
  video.play();
};

// A watches at first, and has no camera yet.
const section = a.addTransceiver('video', { direction: 'recvonly' });
await new Promise((done) => setTimeout(done, 2000));

const card = testCard({ width: 320, height: 180, fps: 15 });
await section.sender.replaceTrack(card);
console.log('A has its camera in the sender:', section.sender.track === card);

setInterval(() => {
  const { direction, currentDirection } = section;
  console.log(`A wants ${direction}, agreed is ${currentDirection}`);
}, 1000);
