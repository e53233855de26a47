import { pair, testCard } from 'test-media';

const card = testCard({ fps: 15 });
async function send(wish) {
  const video = document.createElement('video');
  Object.assign(video, { width: 320, height: 180, muted: true });
  document.body.append(video);
  const [a, b] = pair();
  b.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
    video.play();
  };
  const track = card.clone();
  const { sender } = a.addTransceiver(track);
  await new Promise((done) => video.addEventListener('playing', done));
  const parameters = sender.getParameters();
  parameters.encodings[0].maxBitrate = 60_000;
  parameters.degradationPreference = wish;
  await sender.setParameters(parameters);
  return { wish, sender, before: 0 };
}
const wishes = ['maintain-framerate', 'maintain-resolution'];
const calls = await Promise.all(wishes.map(send));

for (let second = 1, apart = 0; second <= 20 && apart < 4; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const lines = [];
  for (const call of calls) {
    const reports = [...(await call.sender.getStats()).values()];
    const now = reports.find(({ type }) => type === 'outbound-rtp');
    const pictures = now.framesEncoded - call.before;
    const what = `${pictures} pictures of ${now.frameHeight} lines`;
    console.log(`${call.wish}: ${what}`);
    call.before = now.framesEncoded;
    lines.push(now.frameHeight);
  }
  if (lines[0] < lines[1]) apart += 1;
}
