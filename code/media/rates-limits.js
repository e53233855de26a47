import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
const card = testCard({ width: 320, height: 180, fps: 15 });
const { sender } = a.addTransceiver(card);

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function sent() {
  const reports = [...(await sender.getStats()).values()];
  return reports.find(({ type }) => type === 'outbound-rtp');
}
async function measure(name) {
  await wait(1500);
  const before = await sent();
  await wait(2000);
  const now = await sent();
  const ms = now.timestamp - before.timestamp;
  const rate = Math.round((8 * (now.bytesSent - before.bytesSent)) / ms);
  const pictures = (1000 * (now.framesEncoded - before.framesEncoded)) / ms;
  const many = `${pictures.toFixed(1)} pictures of ${now.frameHeight} lines`;
  console.log(`${name}: ${rate} kbit/s, ${many} a second`);
}
await new Promise((done) => video.addEventListener('playing', done));
a.onnegotiationneeded = () => console.log('A needs an offer');
await measure('as it is');
const limits = { maxFramerate: 5, scaleResolutionDownBy: 2 };
const steps = [{ maxBitrate: 10_000_000 }, { maxBitrate: 60_000 }, limits];
for (const step of steps) {
  const parameters = sender.getParameters();
  Object.assign(parameters.encodings[0], step);
  await sender.setParameters(parameters);
  await measure(Object.entries(step).flat().join(' '));
}
