import quickconnect from 'rtc-quickconnect';
import { testCard } from 'test-media';

const qc = quickconnect(location.origin, { room: 'calls-program' });
const card = testCard({ width: 320, height: 180, fps: 15, title: 'a tab' });
qc.addStream(new MediaStream([card]));
console.log('I am', qc.id);

const videos = new Map();
qc.on('stream:added', (id, stream) => {
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  video.onresize = () => {
    console.log(`${id} sends ${video.videoWidth} × ${video.videoHeight}`);
  };
  video.srcObject = stream;
  video.play();
  videos.set(stream, video);
});
qc.on('stream:removed', (id, stream) => videos.get(stream).remove());
