import { openLine } from 'test-network';

// What is sent takes 250 ms, either way. There and back is a round trip.
const line = await openLine({ delay: 250 });
let start = 0;
const report = (what) => {
  const trips = (performance.now() - start) / 500;
  console.log(`${what} after ${trips.toFixed(1)} round trips`);
};

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.oniceconnectionstatechange = () => report(`ICE: ${a.iceConnectionState}`);
a.onconnectionstatechange = () => report(`DTLS and all: ${a.connectionState}`);

const channel = a.createDataChannel('hello');
channel.onopen = () => {
  report('data channel: open');
  channel.send('hello');
};
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => report(`${data}: there`);
};

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);

start = performance.now();
await line.join(a, b);
