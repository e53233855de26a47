import { pair, pictureAge, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
a.addTrack(testCard({ fps: 15 }));

async function report(pc, wanted) {
  const reports = [...(await pc.getStats()).values()];
  return reports.find(({ type }) => type === wanted) ?? {};
}

const ages = [];
setInterval(() => ages.push(pictureAge(video)), 20);
let before = {};
for (let second = 1; second <= 300; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const sent = await report(a, 'outbound-rtp');
  const got = await report(b, 'inbound-rtp');
  const now = { ...got, again: sent.retransmittedPacketsSent };
  const known = ages.splice(0).filter(Number.isFinite);
  known.sort((one, other) => one - other);
  const since = (name) => now[name] - before[name];
  const row = [
    `${known[Math.floor(known.length / 2)]} ms old`,
    `${since('framesDecoded')} pictures of ${sent.frameHeight} lines`,
    `${since('packetsLost')} lost, ${since('again')} sent again`,
    `${since('freezeCount')} freezes`,
  ];
  if (before.framesDecoded) console.log(row.join(', '));
  before = now;
}
