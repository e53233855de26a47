import { pair, testCard } from 'test-media';

function work() {
  self.onmessage = ({ data }) => (self.keys = data);
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
const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track, receiver }) => {
  receiver.transform = new RTCRtpScriptTransform(worker, { side: 'B' });
  video.srcObject = new MediaStream([track]);
  video.play();
};
const card = testCard({ width: 320, height: 180, fps: 15 });
a.addTrack(card).transform = new RTCRtpScriptTransform(worker, { side: 'A' });

let before = 0;
for (let second = 1; second <= 12; second += 1) {
  const B = second > 3 && second <= 6 ? 23 : 71;
  worker.postMessage({ A: 71, B });
  await new Promise((done) => setTimeout(done, 1000));
  const all = [...(await b.getStats()).values()];
  const now = all.find(({ type }) => type === 'inbound-rtp')?.framesDecoded;
  console.log(`${second} s, B has ${B}: ${now - before || 0} pictures`);
  before = now ?? 0;
}
