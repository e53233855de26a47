const context = new AudioContext();
const patience = new Promise((done) => setTimeout(done, 10_000));
await Promise.race([context.resume(), patience]);
console.log('the audio of this browser is', context.state);
if (context.state === 'running') speak();
else console.log('Is there a sound device? The demo ends here.');

function speak() {
  const buzz = new OscillatorNode(context, { type: 'sawtooth' });
  const loudness = new GainNode(context, { gain: 0 });
  const mouth = [700, 1200, 2600].map((frequency) => {
    const band = { type: 'bandpass', frequency, Q: 8 };
    return new BiquadFilterNode(context, band);
  });
  for (const part of mouth) buzz.connect(part).connect(loudness);
  const out = context.createMediaStreamDestination();
  loudness.connect(out);
  buzz.start();

  const vowels = { a: [700, 1200, 2600], i: [300, 2300, 3000] };
  let said = '';
  setInterval(() => {
    const now = context.currentTime;
    const vowel = Math.random() < 0.5 ? 'a' : 'i';
    mouth.forEach(({ frequency }, i) => {
      frequency.setTargetAtTime(vowels[vowel][i], now, 0.02);
    });
    buzz.frequency.setTargetAtTime(95 + 40 * Math.random(), now, 0.05);
    loudness.gain.setTargetAtTime(0.6, now, 0.015);
    loudness.gain.setTargetAtTime(0, now + 0.15, 0.03);
    said += vowel;
    if (said.length % 8 === 0) console.log('it says', said.slice(-8));
  }, 250);

  const audio = document.createElement('audio');
  Object.assign(audio, { controls: true, srcObject: out.stream });
  document.body.append(audio);
}
