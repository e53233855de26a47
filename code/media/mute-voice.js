import { pair, testVoice } from 'test-media';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const [a, b] = pair();
const isHeard = new Promise((done) => {
  b.ontrack = ({ track }) => (track.onunmute = done);
});

async function sentByA() {
  const reports = [...(await a.getStats()).values()];
  const sent = reports.find(({ type }) => type === 'outbound-rtp');
  return [sent?.packetsSent ?? 0, sent?.bytesSent ?? 0];
}

async function compare(voice) {
  const sender = a.addTrack(voice);
  const ways = {
    'as it is': () => {},
    'enabled = false': (isOn) => (voice.enabled = isOn),
    'replaceTrack(null)': (isOn) => sender.replaceTrack(isOn ? voice : null),
  };
  await isHeard;
  for (const [name, turn] of Object.entries(ways)) {
    await turn(false);
    await wait(1000);
    const before = await sentByA();
    await wait(3000);
    const [packets, bytes] = (await sentByA()).map((n, i) => n - before[i]);
    console.log(`voice, ${name}: ${packets} packets, ${bytes} bytes in 3 s`);
    await turn(true);
  }
  voice.stop();
}

const voice = await testVoice().catch(({ message }) => {
  console.log('no voice:', message);
});
if (voice) await compare(voice);
