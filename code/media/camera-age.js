import { pair, pictureAge, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
const { sender } = a.addTransceiver(testCard());

const ages = [];
setInterval(() => {
  const age = pictureAge(video);
  if (!Number.isNaN(age)) ages.push(age);
}, 20);

async function report() {
  const sorted = ages.splice(0).sort((x, y) => x - y);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) return;
  const reports = [...(await sender.getStats()).values()];
  const sent = reports.find(({ type }) => type === 'outbound-rtp');
  console.log(`${median} ms old, sent with ${sent?.frameHeight} lines`);
}

for (let second = 1; second <= 18; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  await report();
  if (second !== 12) continue;
  const parameters = sender.getParameters();
  parameters.encodings[0].scaleResolutionDownBy = 8;
  parameters.encodings[0].maxBitrate = 30_000;
  await sender.setParameters(parameters);
  console.log('from now on small and poor');
}
