import { pair, testVoice } from 'test-media';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const names = ['Ann', 'Ben', 'Cleo'];
const [a, b] = pair();
b.ontrack = ({ track }) => {
  const audio = document.createElement('audio');
  Object.assign(audio, { muted: true, srcObject: new MediaStream([track]) });
  document.body.append(audio);
  audio.play();
};
function loudest() {
  const levels = b.getReceivers().map((receiver) => {
    const [source] = receiver.getSynchronizationSources();
    return source?.audioLevel ?? 0;
  });
  const most = Math.max(...levels);
  return most > 0.005 ? names[levels.indexOf(most)] : undefined;
}
async function speak(voice) {
  const tracks = names.map(() => voice.clone());
  for (const track of tracks) {
    track.enabled = false;
    a.addTrack(track);
  }
  let heard;
  for (const [i, track] of tracks.entries()) {
    track.enabled = true;
    console.log(`voice: ${names[i]} speaks`);
    for (let look = 0; heard !== names[i] || look < 20; look += 1) {
      await wait(100);
      const speaker = loudest();
      if (speaker && speaker !== heard) console.log(`B hears ${speaker}`);
      heard = speaker ?? heard;
    }
    track.enabled = false;
  }
  voice.stop();
}
testVoice().then(speak, ({ message }) => console.log('no voice:', message));
