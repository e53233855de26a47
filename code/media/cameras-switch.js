import { pair } from 'test-media';

const { mediaDevices } = navigator;
const video = document.createElement('video');
Object.assign(video, { width: 320, height: 240, muted: true });
document.body.append(video);
const [a, b] = pair();
a.onnegotiationneeded = () => console.log('A needs a negotiation');
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};

async function bSees(shape) {
  for (;;) {
    await new Promise((done) => setTimeout(done, 100));
    const isWide = video.videoWidth > 1.5 * video.videoHeight;
    if (video.videoWidth > 0 && isWide === (shape === 'wide')) break;
  }
  console.log(`B sees a ${shape} picture`);
}
async function camera(facingMode) {
  const constraints = { video: { facingMode, width: 320 } };
  const stream = await mediaDevices.getUserMedia(constraints);
  return stream.getVideoTracks()[0];
}
const front = await camera('user');
const sender = a.addTrack(front);
await bSees('wide');

async function switchCamera() {
  a.removeTrack(sender);
  a.addTrack(await camera('environment'));
}
await switchCamera();
await bSees('higher');
