import { pair, testCard } from 'test-media';

const [a, b] = pair();
const size = { width: 320, height: 180, fps: 10 };
const label = new MediaStream();

b.ontrack = ({ track, streams, transceiver }) => {
  const name = `mid ${transceiver.mid}`;
  const isSame = streams[0]?.id === label.id;
  const of = isSame ? 'in the stream of A' : `in ${streams.length} streams`;
  console.log(`${name}: a track ${of}, muted: ${track.muted}`);
  track.onunmute = () => console.log(`${name}: muted: ${track.muted}`);

  const video = document.createElement('video');
  Object.assign(video, { width: 160, height: 90, muted: true });
  video.srcObject = new MediaStream([track]);
  video.onplaying = () => console.log(`${name}: plays`);
  document.body.append(video);
  video.play();
};

a.addTrack(testCard(size), label);
a.addTrack(testCard(size), label);
a.addTrack(testCard(size));
console.log('the stream of A has', label.getTracks().length, 'tracks');
