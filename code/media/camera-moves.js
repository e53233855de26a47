import { pair } from 'test-media';

const canvas = document.createElement('canvas');
Object.assign(canvas, { width: 320, height: 180 });
const ink = canvas.getContext('2d', { alpha: false });
function paint() {
  ink.fillStyle = '#224';
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.fillStyle = 'white';
  ink.font = '45px sans-serif';
  ink.fillText(new Date().toLocaleTimeString(), 20, 110);
}
paint();
const [track] = canvas.captureStream().getVideoTracks();

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.onconnectionstatechange = () => console.log('B is', b.connectionState);
b.ontrack = (event) => {
  console.log('B has a track, muted:', event.track.muted);
  video.srcObject = new MediaStream([event.track]);
  video.play();
};
a.addTrack(track);
