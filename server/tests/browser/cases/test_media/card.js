import { pair, pictureAge, testCard } from 'test-media';

const NativeWorker = Worker;
globalThis.Worker = class extends NativeWorker {
  terminate() {
    super.terminate();
    console.log('terminated');
  }
};

const [a, b] = pair();
const video = document.createElement('video');
video.muted = true;
document.body.append(video);
console.log('before', JSON.stringify(String(pictureAge(video))));
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
const card = testCard({ width: 80, height: 45, fps: 20 });
a.addTrack(card);

const ages = [];
const timer = setInterval(() => {
  const age = pictureAge(video);
  if (!Number.isNaN(age)) ages.push(age);
  if (ages.length < 21) return;
  clearInterval(timer);
  ages.sort((x, y) => x - y);
  console.log('age', JSON.stringify(ages[10]));
  card.stop();
}, 50);
