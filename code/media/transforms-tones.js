import { pair, testVoice } from 'test-media';

const voice = await testVoice().catch(({ message }) => {
  console.log('no voice:', message);
});
if (voice) call();

function call() {
  console.log('a voice, which is silent for now');
  voice.enabled = false;
  const [a, b] = pair();
  const { dtmf } = a.addTrack(voice);
  dtmf.ontonechange = ({ tone }) => console.log('A sends', tone || 'no more');
  a.onconnectionstatechange = () => {
    console.log(`${a.connectionState}: canInsertDTMF ${dtmf.canInsertDTMF}`);
    if (a.connectionState === 'connected') dtmf.insertDTMF(',159#', 500, 200);
  };
  b.ontrack = ({ track }) => listen(new MediaStream([track]));
}

function listen(srcObject) {
  const audio = document.createElement('audio');
  Object.assign(audio, { srcObject, muted: true, controls: true });
  document.body.append(audio);
  audio.play();
  const context = new AudioContext();
  const ear = new AnalyserNode(context, { smoothingTimeConstant: 0 });
  context.createMediaStreamSource(srcObject).connect(ear);
  const levels = new Float32Array(ear.frequencyBinCount);
  const at = (hz) => levels[Math.round((hz * 2048) / context.sampleRate)];
  const loudest = (...all) => all.reduce((x, y) => (at(x) < at(y) ? y : x));
  let recent = [];
  setInterval(() => {
    ear.getFloatFrequencyData(levels);
    const tone = [loudest(697, 770, 852, 941), loudest(1209, 1336, 1477)];
    const heard = tone.every((hz) => at(hz) > -60) ? tone.join(' + ') : '';
    recent = heard === recent[0] ? [heard, ...recent.slice(0, 8)] : [heard];
    if (heard && recent.length === 3) console.log('B hears', heard, 'Hz');
  }, 20);
}
