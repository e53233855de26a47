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
await new Promise((done) => video.addEventListener('playing', done));

const asked = {
  'outbound-rtp': `framesEncoded totalEncodeTime qpSum bytesSent
    retransmittedPacketsSent nackCount pliCount frameHeight
    keyFramesEncoded targetBitrate qualityLimitationReason active`,
  'remote-inbound-rtp': 'roundTripTime packetsLost',
  'inbound-rtp': `framesDecoded totalDecodeTime framesDropped packetsLost
    jitterBufferDelay jitterBufferEmittedCount freezeCount
    totalFreezesDuration totalInterFrameDelay frameHeight qpSum`,
  'candidate-pair': 'currentRoundTripTime availableOutgoingBitrate',
};
let had;
// Some fields come late: a round trip needs reports of the other side.
for (let second = 1; second <= 12; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const reports = [];
  for (const pc of [a, b]) reports.push(...(await pc.getStats()).values());
  const namesOf = (one) =>
    Object.keys(one).map((name) => `${one.type}.${name}`);
  had = new Set(reports.flatMap(namesOf));
  if (second > 3 && had.has('remote-inbound-rtp.roundTripTime')) break;
}
for (const [type, names] of Object.entries(asked)) {
  for (const name of names.split(/\s+/)) {
    const field = `${type}.${name}`;
    console.log(`${had.has(field) ? 'has' : 'no '} ${field}`);
  }
}
