import { testCard } from 'test-media';

const room = `room-${Date.now()}`;
let seen = 0;
// The offer goes to the server as a request, and the answer comes back.
async function exchange(pc, address) {
  await pc.setLocalDescription();
  const headers = { 'content-type': 'application/sdp' };
  const body = pc.localDescription.sdp;
  const response = await fetch(address, { method: 'POST', headers, body });
  const sdp = await response.text();
  if (!response.ok) throw new Error(sdp);
  await pc.setRemoteDescription({ type: 'answer', sdp });
  return response.headers.get('location').split('/').at(-2);
}
async function publish(title) {
  const pc = new RTCPeerConnection();
  const card = testCard({ width: 160, height: 90, fps: 10, title });
  pc.addTransceiver(card, { direction: 'sendonly' });
  return exchange(pc, `/whip/${room}`);
}
async function watch(id) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver('video', { direction: 'recvonly' });
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  pc.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
  const count = () => console.log('pictures seen:', (seen += 1));
  video.addEventListener('playing', count, { once: true });
  await exchange(pc, `/whep/${room}/${id}`);
  video.play();
}

const ids = await Promise.all(['Ada', 'Ben', 'Cem'].map(publish));
for (const own of ids) for (const id of ids) if (id !== own) await watch(id);
const { publishers } = await (await fetch(`/sfu/${room}`)).json();
for (const { id, watchers } of publishers) {
  console.log(`${id} is sent once, and watched by ${watchers}`);
}
