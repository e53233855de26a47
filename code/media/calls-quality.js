import quickconnect from 'rtc-quickconnect';
import { createMedia, watchQuality } from 'rtc-quickconnect/media';
import { testCard } from 'test-media';

const room = `quality-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });
const sends = createMedia(alice);
const card = testCard({ width: 320, height: 180, fps: 15 });
alice.addStream(new MediaStream([card]));

bob.on('stream:added', (id, stream) => {
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 320, height: 180, muted: true });
  video.srcObject = stream;
  video.play();
});

function sentence({ kind, codec, width, height, ...figures }) {
  const rate = `${Math.round(figures.bitrate / 1000)} kbit/s`;
  const frames = Math.round(figures.framesPerSecond ?? 0);
  const lost = `${Math.round(100 * (figures.lost ?? 0))} % lost`;
  const size = `${width} × ${height}, ${frames} a second`;
  return `${kind} (${codec}): ${size}, ${rate}, ${lost}`;
}

bob.on('call:started', async (id, pc) => {
  let sum = 0;
  for await (const tracks of watchQuality(pc, { every: 500 })) {
    for (const one of tracks.filter(({ width }) => width)) {
      console.log('bob gets', sentence(one));
      sum += 1;
      if (sum === 2)
        sends.setEncodings('video', [{ scaleResolutionDownBy: 2 }]);
      if (sum > 2 && one.height <= 90) alice.close();
    }
  }
  console.log('the call is over, and so are the figures');
});
