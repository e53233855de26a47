import { pair, testCard } from 'test-media';

function work() {
  self.onrtctransform = ({ transformer: { readable, writable } }) => {
    const transform = (frame, controller) => {
      postMessage([frame.type, frame.data.byteLength]);
      controller.enqueue(frame);
    };
    readable.pipeThrough(new TransformStream({ transform })).pipeTo(writable);
  };
}
const program = new Blob([`(${work})()`], { type: 'text/javascript' });
const worker = new Worker(URL.createObjectURL(program));
const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
const canvas = document.createElement('canvas');
document.body.append(video, canvas);
const ink = canvas.getContext('2d');
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
const card = testCard({ width: 320, height: 180, fps: 15 });
const { sender } = a.addTransceiver(card);
sender.transform = new RTCRtpScriptTransform(worker);

let [count, keys, rest] = [0, 0, 0];
worker.onmessage = ({ data: [type, bytes] }) => {
  ink.fillStyle = type === 'key' ? 'crimson' : 'steelblue';
  ink.fillRect(4 * count, 150, 3, -bytes / 80);
  count += 1;
  if (type === 'key') {
    keys += 1;
    console.log(`frame ${count} is a key frame: ${bytes} bytes`);
  } else rest += bytes;
  if (count !== 75) return;
  const mean = Math.round(rest / (count - keys));
  console.log(`${count} frames: ${keys} key, the others ${mean} bytes each`);
};
