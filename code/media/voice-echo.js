import { pair } from 'test-media';

const context = new AudioContext();
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
await Promise.race([context.resume(), wait(10_000)]);
if (context.state === 'running') for (const gain of [0.5, 2]) await say(gain);
else console.log('no echo: the audio of this browser has not started');
function enterRoom(pc, gain) {
  const microphone = context.createMediaStreamDestination();
  const speaker = new AnalyserNode(context, { fftSize: 32_768 });
  speaker.connect(new GainNode(context, { gain })).connect(microphone);
  pc.addTrack(microphone.stream.getTracks()[0]);
  return new Promise((done) => {
    pc.ontrack = ({ track }) => {
      const srcObject = new MediaStream([track]);
      const audio = Object.assign(new Audio(), { muted: true, srcObject });
      document.body.appendChild(audio).play();
      context.createMediaStreamSource(srcObject).connect(speaker);
      track.onunmute = () => setTimeout(done, 500, { microphone, speaker });
    };
  });
}
async function say(gain) {
  const [a, b] = pair();
  const rooms = [enterRoom(a, gain), enterRoom(b, gain)];
  const [{ microphone, speaker }] = await Promise.all(rooms);
  const word = new OscillatorNode(context, { frequency: 440 });
  word.connect(new GainNode(context, { gain: 0.1 })).connect(microphone);
  word.start();
  word.stop(context.currentTime + 0.2);
  const samples = new Float32Array(speaker.fftSize);
  for (let ms = 700; ms <= 4900; ms += 700) {
    await wait(700);
    speaker.getFloatTimeDomainData(samples);
    const most = Math.max(1e-5, ...samples.map(Math.abs));
    const level = (20 * Math.log10(most)).toFixed(0);
    console.log(`echo, gain ${gain}, after ${ms} ms: A hears ${level} dB`);
  }
  for (const pc of [a, b]) pc.close();
}
