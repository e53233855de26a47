import { testCard } from 'test-media';

const room = 'studio';
const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
const card = testCard({ width: 320, height: 180, fps: 15 });
const streams = [new MediaStream([card])];
pc.addTransceiver(card, { direction: 'sendonly', streams });
await pc.setLocalDescription();

const response = await fetch(`/whip/${room}`, {
  method: 'POST',
  headers: { 'content-type': 'application/sdp' },
  body: pc.localDescription.sdp,
});
const sdp = await response.text();
if (!response.ok) throw new Error(sdp);
const session = new URL(response.headers.get('location'), response.url);
console.log(response.status, response.headers.get('content-type'));
console.log('the session is at', session.pathname);
for (const line of sdp.split('\r\n')) {
  if (/^a=(candidate|recvonly|setup)/.test(line)) console.log(line);
}

const isConnected = new Promise((done) => {
  pc.onconnectionstatechange = () => {
    console.log(pc.connectionState);
    if (pc.connectionState === 'connected') done();
  };
});
await pc.setRemoteDescription({ type: 'answer', sdp });
await isConnected;

await new Promise((done) => setTimeout(done, 5000));
const { publishers } = await (await fetch(`/sfu/${room}`)).json();
for (const { id, packets } of publishers) {
  console.log(`in the room: ${id}, ${packets} packets`);
}
const end = await fetch(session, { method: 'DELETE' });
console.log('DELETE:', end.status);
pc.close();
