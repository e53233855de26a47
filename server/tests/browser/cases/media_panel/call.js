// A call of one page with a picture, in which one thing is wrong: `cause`, which stands above.
import { testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
if (cause === 'without size') video.style.display = 'none';
document.body.append(video);

const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
// Firefox collects connections that nobody refers to.
globalThis.connections = [a, b];

const ignore = () => {};
b.ontrack = ({ track, streams }) => {
  if (cause === 'no srcObject') return;
  video.srcObject = cause === 'a stream for each track' ? new MediaStream([track]) : streams[0];
  if (cause === 'not played') return;
  video.play().catch(ignore);
  if (cause !== 'srcObject twice') return;
  video.srcObject = new MediaStream([track]);
  video.play();
};

const stream = new MediaStream();
const send = (track) => a.addTrack(track, stream);
/** Changes each byte of each picture, as the wrong key does. */
const WORKER = `onrtctransform = ({ transformer: { readable, writable } }) => {
  const transform = (frame, controller) => {
    const bytes = new Uint8Array(frame.data);
    for (let i = 0; i < bytes.length; i += 1) bytes[i] ^= 0x55;
    frame.data = bytes.buffer;
    controller.enqueue(frame);
  };
  readable.pipeThrough(new TransformStream({ transform })).pipeTo(writable);
};`;
if (cause === 'both receive') a.addTransceiver('video', { direction: 'recvonly' });
else if (cause === 'never painted') {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d');
  send(canvas.captureStream().getVideoTracks()[0]);
} else {
  const card = testCard({ width: 320, height: 180, fps: 15 });
  card.enabled = cause !== 'disabled';
  const sender = send(card);
  if (cause === 'a stream for each track') a.addTransceiver('audio', { streams: [stream] });
  if (cause === 'a wrong key') {
    const worker = new Worker(URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' })));
    sender.transform = new RTCRtpScriptTransform(worker);
  }
}

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
if (cause === 'the answer is inactive') b.getTransceivers()[0].direction = 'inactive';
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
console.log('negotiated');
