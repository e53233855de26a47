import quickconnect from 'rtc-quickconnect';
import { createMedia } from 'rtc-quickconnect/media';
import { testCard } from 'test-media';

const room = `cameras-${Math.random()}`;
const join = (id) => quickconnect(location.origin, { room, id });

/** Shows what somebody gets, and waits for a picture of a shape. */
function screenOf(qc) {
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  qc.on('stream:added', (id, stream) => {
    video.srcObject = stream;
    video.play();
  });
  return (isSquare) =>
    new Promise((done) => {
      video.onresize = () => {
        const { videoWidth: width, videoHeight: height } = video;
        console.log(`${qc.id} sees ${width} × ${height}`);
        if ((width === height) === isSquare) done();
      };
    });
}

const front = testCard({ width: 320, height: 180, fps: 15, title: 'front' });
const alice = join('alice');
const sends = createMedia(alice);
alice.addStream(new MediaStream([front]));
const sees = screenOf(join('bob'));
await sees(false);

front.stop();
const back = testCard({ width: 240, height: 240, fps: 15, title: 'back' });
await Promise.all([sees(true), sends.replaceTrack(back)]);
await screenOf(join('carol'))(true);
console.log('who comes later sees the other camera as well');
