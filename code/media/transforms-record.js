import { testCard } from 'test-media';

const card = testCard({ width: 320, height: 180, fps: 15 });
const stream = new MediaStream([card]);
const recorder = new MediaRecorder(stream, { videoBitsPerSecond: 500_000 });
console.log('its type, before it starts:', recorder.mimeType || '(empty)');
const parts = [];
recorder.ondataavailable = ({ data }) => {
  parts.push(data);
  console.log(`part ${parts.length}: ${data.size} bytes`);
};
recorder.onerror = ({ error }) => console.log('an error:', error.name);
const isOver = new Promise((done) => (recorder.onstop = done));
recorder.start(1000);
setTimeout(() => recorder.state !== 'inactive' && recorder.stop(), 3300);
await isOver;
const { type } = parts[0];
const recording = new Blob(parts, { type });
console.log(`${recording.size} bytes of ${type}`);

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true, controls: true });
video.src = URL.createObjectURL(recording);
document.body.append(video);
await new Promise((done) => (video.onloadedmetadata = done));
console.log('its duration:', video.duration);
if (video.duration === Infinity) {
  video.currentTime = 1e7;
  await new Promise((done) => (video.onseeked = done));
  console.log('its duration, once its end was looked at:', video.duration);
  video.currentTime = 0;
}
await video.play();
console.log('it plays');

const link = document.createElement('a');
const [, ending] = type.match(/\/(\w+)/);
Object.assign(link, { href: video.src, download: `card.${ending}` });
link.click();
