import { pair, testCard } from 'test-media';

const ways = {
  'as it is': () => {},
  'track.enabled = false': ({ sender }) => (sender.track.enabled = false),
  'track.stop()': ({ sender }) => sender.track.stop(),
  'replaceTrack(null)': ({ sender }) => sender.replaceTrack(null),
  'active = false': ({ sender }) => {
    const parameters = sender.getParameters();
    parameters.encodings[0].active = false;
    return sender.setParameters(parameters);
  },
  'direction inactive': (one) => (one.direction = 'inactive'),
  'removeTrack()': ({ sender }, a) => a.removeTrack(sender),
  'transceiver.stop()': (one) => one.stop(),
};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function sentBy(pc) {
  const reports = [...(await pc.getStats()).values()];
  const sent = reports.find(({ type }) => type === 'outbound-rtp');
  return [sent?.packetsSent ?? 0, sent?.bytesSent ?? 0];
}
for (const [name, mute] of Object.entries(ways)) {
  const [a, b] = pair();
  const card = testCard({ width: 320, height: 180, fps: 15 });
  const transceiver = a.addTransceiver(card);
  const track = await new Promise((done) => {
    b.ontrack = (event) => (event.track.onunmute = () => done(event.track));
  });
  a.onnegotiationneeded = () => console.log(`${name}: A needs an offer`);
  for (const type of ['mute', 'ended'])
    track.addEventListener(type, () => console.log(`${name}: B got ${type}`));
  await mute(transceiver, a);
  await wait(2000);
  const before = await sentBy(a);
  await wait(3000);
  const [packets, bytes] = (await sentBy(a)).map((n, i) => n - before[i]);
  console.log(`${name}: ${packets} packets and ${bytes} bytes in 3 s`);
  card.stop();
}
