import { pair } from 'test-media';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const preview = document.createElement('video');
Object.assign(preview, { width: 160, height: 90, muted: true });
const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(preview, video);

const constraints = { video: { width: 320 } };
const stream = await navigator.mediaDevices.getUserMedia(constraints);
const [track] = stream.getVideoTracks();
const small = track.clone();
await small.applyConstraints({ width: 160 });
preview.srcObject = new MediaStream([small]);
await preview.play();

const [a, b] = pair();
const isSeen = new Promise((done) => {
  b.ontrack = (event) => {
    video.srcObject = new MediaStream([event.track]);
    video.play().then(done);
  };
});
a.addTrack(track);
await isSeen;
await wait(1000);

a.close();
b.close();
track.stop();
preview.srcObject = null;
video.srcObject = null;
console.log('hung up');
