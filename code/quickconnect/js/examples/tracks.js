import quickconnect from 'rtc-quickconnect';

/** A track of one colour. @param {string} colour */
function paint(colour) {
  const canvas = document.createElement('canvas');
  const ink = canvas.getContext('2d');
  setInterval(() => {
    if (ink) ink.fillStyle = colour;
    ink?.fillRect(0, 0, canvas.width, canvas.height);
  }, 40);
  return canvas.captureStream().getVideoTracks()[0];
}
const red = paint('firebrick');
const blue = paint('royalblue');

const room = `tracks-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });
alice.addTrack(red, new MediaStream());

bob.on('track:detected', (id, track) => {
  console.log('track:detected', id, track.kind);
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  video.play();
  video.onplaying = () => {
    console.log('bob sees red');
    setTimeout(() => {
      alice.replaceTrack(blue, red.id);
      console.log('bob sees blue, and nothing was negotiated');
    }, 1000);
  };
});
