import { pair, testVoice } from 'test-media';

// Logs the highest levels of each second.
async function listen(voice) {
  const audio = document.body.appendChild(document.createElement('audio'));
  Object.assign(audio, { controls: true, muted: true });
  const [a, b] = pair();
  const isHeard = new Promise((done) => {
    b.ontrack = ({ track }) => {
      audio.srcObject = new MediaStream([track]);
      audio.play();
      track.onunmute = done;
    };
  });
  a.addTrack(voice);
  await isHeard;
  const [receiver] = b.getReceivers();
  async function reported(pc, wanted) {
    const reports = [...(await pc.getStats()).values()];
    return reports.find(({ type }) => type === wanted)?.audioLevel ?? NaN;
  }
  for (let second = 1; second <= 15; second += 1) {
    const levels = [];
    for (let look = 1; look <= 5; look += 1) {
      await new Promise((done) => setTimeout(done, 200));
      const source = await reported(a, 'media-source');
      const packets = receiver.getSynchronizationSources()[0]?.audioLevel;
      levels.push([source, packets, await reported(b, 'inbound-rtp')]);
    }
    const most = (i) => Math.max(...levels.map((one) => one[i])).toFixed(3);
    const heard = `packets ${most(1)}, statistics of B ${most(2)}`;
    console.log(`voice levels: source ${most(0)}, ${heard}`);
  }
  voice.stop();
}
const voice = await testVoice().catch(({ message }) => {
  console.log('no voice:', message);
});
if (voice) await listen(voice);
