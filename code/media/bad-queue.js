import { pair, pictureAge, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
b.onconnectionstatechange = () => console.log('B is', b.connectionState);

const encoding = { maxBitrate: 2_000_000, scaleResolutionDownBy: 1 };
const card = testCard({ width: 640, height: 360, fps: 15 });
a.addTransceiver(card, { sendEncodings: [encoding] });

setInterval(() => {
  console.log('the picture is', pictureAge(video), 'ms old');
}, 1000);
