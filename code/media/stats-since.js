import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
a.addTrack(testCard({ width: 320, height: 180, fps: 15 }));

async function read() {
  const reports = [...(await b.getStats()).values()];
  return reports.find(({ type }) => type === 'inbound-rtp');
}
// What happened between two readings.
function between(one, other) {
  const grown = (name) => other[name] - one[name];
  const ms = grown('timestamp');
  const bits = Math.round((8 * grown('bytesReceived')) / ms);
  const pictures = ((1000 * grown('framesDecoded')) / ms).toFixed(1);
  const seconds =
    grown('jitterBufferDelay') / grown('jitterBufferEmittedCount');
  const kept = Math.round(1000 * seconds);
  return `${bits} kbit/s, ${pictures} pictures/s, each kept ${kept} ms`;
}

await new Promise((done) => video.addEventListener('playing', done));
const start = await read();
let last = start;
for (let second = 2; second <= 10; second += 2) {
  await new Promise((done) => setTimeout(done, 2000));
  const now = await read();
  console.log(`${second} s: since the start ${between(start, now)}`);
  console.log(`${second} s: in two seconds ${between(last, now)}`);
  last = now;
  const [receiver] = b.getReceivers();
  if (second === 4) receiver.jitterBufferTarget = 500;
}
