const meter = document.createElement('meter');
Object.assign(meter, { min: -60, max: 0, value: -60, ariaLabel: 'Level' });
document.body.append(meter);

const { mediaDevices } = navigator;
const stream = await mediaDevices.getUserMedia({ audio: true });
const context = new AudioContext();
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
await Promise.race([context.resume(), wait(10_000)]);
if (context.state === 'running') await show();
else console.log('no level: the audio of this browser has not started');
for (const track of stream.getTracks()) track.stop();

async function show() {
  const ear = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  for (let second = 1; second <= 10; second += 1) {
    let loudest = -100;
    for (let look = 1; look <= 25; look += 1) {
      await wait(40);
      ear.getFloatTimeDomainData(samples);
      const squares = samples.reduce((sum, one) => sum + one * one, 0);
      const level = 10 * Math.log10(squares / samples.length);
      meter.value = Math.max(level, -60);
      loudest = Math.max(level, loudest);
    }
    console.log(`level: ${loudest.toFixed(0)} dB`);
  }
}
