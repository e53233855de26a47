import { testCard } from 'test-media';

const room = `first-${Date.now()}`;
async function exchange(pc, address) {
  await pc.setLocalDescription();
  const headers = { 'content-type': 'application/sdp' };
  const offer = { method: 'POST', headers, body: pc.localDescription.sdp };
  const sdp = await (await fetch(address, offer)).text();
  await pc.setRemoteDescription({ type: 'answer', sdp });
}
async function watch(address) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver('video', { direction: 'recvonly' });
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  pc.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
  const since = performance.now();
  await exchange(pc, address);
  video.play();
  await new Promise((done) => video.addEventListener('playing', done));
  const ms = Math.round(performance.now() - since);
  console.log(`the first picture came after ${ms} ms`);
}
const ada = new RTCPeerConnection();
const card = testCard({ width: 160, height: 90, fps: 10, title: 'Ada' });
ada.addTransceiver(card, { direction: 'sendonly' });
await exchange(ada, `/whip/${room}`);
let there;
do {
  await new Promise((done) => setTimeout(done, 1000));
  const { publishers } = await (await fetch(`/sfu/${room}`)).json();
  [there] = publishers;
} while (there.packets < 40);

console.log('Cem comes');
// A key frame is large. One for each who comes would be hard on Ada's line.
const query = '?keyframes=off';
await watch(`/whep/${room}/${there.id}${query}`);
