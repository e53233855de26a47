import { pair, pictureAge, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
const card = testCard({ width: 320, height: 180, fps: 15 });
const sending = a.addTransceiver(card, { direction: 'sendonly' });
const { sender } = sending;

const ways = {
  enabled: (isOn) => (card.enabled = isOn),
  replaceTrack: (isOn) => sender.replaceTrack(isOn ? card : null),
  active: (isOn) => {
    const parameters = sender.getParameters();
    parameters.encodings[0].active = isOn;
    return sender.setParameters(parameters);
  },
  direction: (isOn) => (sending.direction = isOn ? 'sendonly' : 'inactive'),
};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function showsPictureSince(start) {
  for (;;) {
    await wait(10);
    const [age, passed] = [pictureAge(video), performance.now() - start];
    if (age >= 0 && age < passed) return Math.round(passed);
  }
}
for (const [name, turn] of Object.entries(ways)) {
  await showsPictureSince(performance.now());
  await turn(false);
  await wait(3000);
  const start = performance.now();
  await turn(true);
  console.log(`${name}: back after ${await showsPictureSince(start)} ms`);
}
