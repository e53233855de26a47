import { pair, testVoice } from 'test-media';

const [a, b] = pair();
const audio = document.createElement('audio');
Object.assign(audio, { controls: true, muted: true });
document.body.append(audio);
b.ontrack = ({ track }) => {
  audio.srcObject = new MediaStream([track]);
  audio.play();
};

try {
  const voice = await testVoice();
  a.addTrack(voice);
  for (let second = 2; second <= 20; second += 2) {
    await new Promise((done) => setTimeout(done, 2000));
    const reports = [...(await b.getStats()).values()];
    const heard = reports.find(({ type }) => type === 'inbound-rtp');
    console.log('voice: B has got', heard?.packetsReceived ?? 0, 'packets');
  }
  voice.stop();
} catch ({ message }) {
  console.log('no voice:', message);
}
