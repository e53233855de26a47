import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
const isSeen = new Promise((done) => {
  b.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
    video.play();
    track.onunmute = done;
  };
});
const card = testCard({ width: 320, height: 180, fps: 15 });
const { sender } = a.addTransceiver(card, { direction: 'sendonly' });

async function setMuted(isMuted) {
  sender.track.enabled = !isMuted;
  console.log('A is muted:', isMuted);
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
await isSeen;
await wait(3000);
await setMuted(true);
await wait(12_000);
await setMuted(false);
