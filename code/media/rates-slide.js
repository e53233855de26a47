import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};

const encoding = { maxBitrate: 120_000, scaleResolutionDownBy: 2 };
const preference = 'maintain-framerate';
const card = testCard({ fps: 15 });
const { sender } = a.addTransceiver(card, { sendEncodings: [encoding] });

await new Promise((done) => video.addEventListener('playing', done));
const parameters = sender.getParameters();
parameters.degradationPreference = preference;
await sender.setParameters(parameters);

let before = 0;
for (let second = 1; second <= 30; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const reports = [...(await sender.getStats()).values()];
  const now = reports.find(({ type }) => type === 'outbound-rtp');
  const pictures = now.framesEncoded - before;
  console.log(`${pictures} pictures of ${now.frameHeight} lines`);
  before = now.framesEncoded;
}
