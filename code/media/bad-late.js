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
const line = await openLine();
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const ages = [];
setInterval(() => {
  const age = pictureAge(video);
  if (!Number.isNaN(age)) ages.push(age);
}, 20);
async function measure(name) {
  await wait(3000);
  ages.length = 0;
  await wait(4000);
  ages.sort((one, other) => one - other);
  const median = ages[Math.floor(ages.length / 2)];
  console.log(`${name}: the picture is ${median} ms old`);
}

await measure('a perfect line');
await line.set({ delay: 300 }, 'b-to-a');
await measure('300 ms back');
await line.set({ delay: 0 }, 'b-to-a');
await line.set({ delay: 300 }, 'a-to-b');
await measure('300 ms out');
