import { testCard } from 'test-media';

const room = `leave-${Date.now()}`;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const pc = new RTCPeerConnection();
const card = testCard({ width: 160, height: 90, fps: 10, title: 'Ada' });
pc.addTransceiver(card, { direction: 'sendonly' });
await pc.setLocalDescription();
const response = await fetch(`/whip/${room}`, {
  method: 'POST',
  headers: { 'content-type': 'application/sdp' },
  body: pc.localDescription.sdp,
});
const sdp = await response.text();
await pc.setRemoteDescription({ type: 'answer', sdp });
const session = new URL(response.headers.get('location'), response.url);

async function leave() {
  card.stop();
}

for (let second = 1; second <= 12; second += 1) {
  await wait(1000);
  if (second === 5) {
    console.log('Ada leaves');
    await leave();
  }
  const { publishers } = await (await fetch(`/sfu/${room}`)).json();
  console.log(`${second} s: in the room: ${publishers.length}`);
}
console.log('the end');
