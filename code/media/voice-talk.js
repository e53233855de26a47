import { pair, testVoice } from 'test-media';

const button = document.body.appendChild(document.createElement('button'));
button.textContent = 'Hold to talk';
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
async function talk(voice) {
  let isHeld = false;
  async function hold(isNowHeld) {
    isHeld = isNowHeld;
    voice.enabled = isHeld;
  }
  button.onpointerdown = (press) => button.setPointerCapture(press.pointerId);
  button.ongotpointercapture = () => hold(true);
  button.onlostpointercapture = () => hold(false);
  a.addTrack(voice);
  await isHeard;
  a.onnegotiationneeded = () => console.log('A needs a negotiation');
  for (let round = 1; round <= 12; round += 1) {
    if (round <= 3) await hold(round === 2);
    await wait(500);
    const before = await sentByA();
    await wait(1500);
    const [packets, bytes] = (await sentByA()).map((n, i) => n - before[i]);
    const state = isHeld ? 'held' : 'let go';
    console.log(`voice ${state}: ${packets} packets, ${bytes} bytes`);
  }
  voice.stop();
}
testVoice().then(talk, ({ message }) => console.log('no voice:', message));
