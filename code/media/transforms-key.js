import { pair, testCard } from 'test-media';

function work() {
  self.onmessage = ({ data }) => (self.keys = { ...self.keys, ...data });
  self.onrtctransform = ({ transformer: { readable, writable, options } }) => {
    const transform = (frame, controller) => {
      const bytes = new Uint8Array(frame.data);
      const stays = frame.type === 'key' ? [0, 6, 7, 8, 9] : [0];
      for (let i = 0; i < bytes.length; i += 1)
        if (!stays.includes(i)) bytes[i] ^= self.keys[options.side] + i;
      frame.data = bytes.buffer;
      controller.enqueue(frame);
    };
    readable.pipeThrough(new TransformStream({ transform })).pipeTo(writable);
  };
}
const program = new Blob([`(${work})()`], { type: 'text/javascript' });
const worker = new Worker(URL.createObjectURL(program));
const key = 1 + Math.floor(255 * Math.random());
worker.postMessage({ A: key, B: 0 });

function send(from, to, side) {
  const video = document.createElement('video');
  Object.assign(video, { width: 160, height: 90, muted: true });
  document.body.append(video);
  to.ontrack = ({ track, receiver }) => {
    if (side) receiver.transform = new RTCRtpScriptTransform(worker, { side });
    video.srcObject = new MediaStream([track]);
    video.play();
  };
  const card = testCard({ width: 320, height: 180, fps: 10 });
  const transform = new RTCRtpScriptTransform(worker, { side: 'A' });
  from.addTrack(card).transform = transform;
}
const [a, b] = pair();
const secret = a.createDataChannel('key');
secret.onopen = () => secret.send(String(key));
secret.addEventListener('open', () => console.log('A has sent its key to B'));
send(a, b, 'B');
send(...pair());
