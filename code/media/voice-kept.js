import { pair } from 'test-media';

const { mediaDevices } = navigator;
const [a, b] = pair();
const { sender } = a.addTransceiver('audio', { direction: 'sendonly' });
// The headset, as it was chosen on an earlier visit.
const kept = 'e25a90f1774b';

async function takeMicrophone() {
  try {
    const audio = { deviceId: { exact: kept } };
    const stream = await mediaDevices.getUserMedia({ audio });
    const [track] = stream.getAudioTracks();
    track.onended = () => {
      console.log('ended:', track.label);
      takeMicrophone();
    };
    await sender.replaceTrack(track);
    console.log('A sends', track.label);
  } catch ({ name }) {
    console.log('A has no microphone:', name);
  }
}

await takeMicrophone();
