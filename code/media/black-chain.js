import { pair, testCard } from 'test-media';

// Or: no way, refused, not given, not played, hidden, disabled.
const cause = 'none';

const is = (one) => one === cause;
const [a, b] = pair(is('no way') ? { iceTransportPolicy: 'relay' } : {});
const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
video.hidden = is('hidden');
document.body.append(video);
b.ontrack = ({ track, transceiver }) => {
  if (is('refused')) transceiver.direction = 'inactive';
  if (!is('not given')) video.srcObject = new MediaStream([track]);
  if (!is('not played')) video.play();
};
const card = testCard({ width: 320, height: 180, fps: 15 });
card.enabled = !is('disabled');
const sending = a.addTransceiver(card, { direction: 'sendonly' });

async function find(pc, type) {
  const all = [...(await pc.getStats()).values()];
  return all.find((one) => one.type === type && one.kind === 'video') ?? {};
}
for (let second = 1; second <= 8; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const source = await find(a, 'media-source');
  const sent = await find(a, 'outbound-rtp');
  const got = await find(b, 'inbound-rtp');
  console.log(
    `${second} s: ${sending.currentDirection}, ${b.connectionState},`,
    `source ${source.frames ?? 0}, encoded ${sent.framesEncoded ?? 0},`,
    `sent ${sent.packetsSent ?? 0}, received ${got.packetsReceived ?? 0},`,
    `decoded ${got.framesDecoded ?? 0}, picture ${video.videoWidth},`,
    `paused ${video.paused}, box ${video.clientWidth}`,
  );
}
