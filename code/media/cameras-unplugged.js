import { pair } from 'test-media';

const { mediaDevices } = navigator;
const video = document.createElement('video');
Object.assign(video, { width: 320, height: 240, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
const { sender } = a.addTransceiver('video', { direction: 'sendonly' });

async function takeCamera() {
  try {
    const constraints = { video: { width: 320 } };
    const stream = await mediaDevices.getUserMedia(constraints);
    const [track] = stream.getVideoTracks();
    track.onended = () => {
      console.log('ended:', track.label);
      takeCamera();
    };
    await sender.replaceTrack(track);
    console.log('A sends', track.label);
  } catch ({ name }) {
    console.log('A has no camera:', name);
  }
}

mediaDevices.ondevicechange = async () => {
  const devices = await mediaDevices.enumerateDevices();
  const cameras = devices.filter(({ kind }) => kind === 'videoinput');
  const labels = cameras.map(({ label }) => label);
  console.log('the list has changed:', labels.join(', ') || 'no camera');
};

await takeCamera();
