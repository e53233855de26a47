import { testCard } from 'test-media';

const card = testCard({ width: 320, height: 180, fps: 15 });
const recorder = new MediaRecorder(new MediaStream([card]));
const parts = [];
recorder.ondataavailable = ({ data }) => parts.push(data);
recorder.start();
await new Promise((done) => setTimeout(done, 3000));
recorder.stop();
const recording = new Blob(parts);
console.log('the recording has', recording.size, 'bytes');

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true, controls: true });
document.body.append(video);
video.onerror = () => console.log('it does not play');
video.onended = () => {
  console.log('it has played for', video.currentTime.toFixed(1), 's');
};
video.src = URL.createObjectURL(recording);
video.play().catch(({ name }) => console.log(name));
