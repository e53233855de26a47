import { testCard } from 'test-media';

const room = 'studio';
async function exchange(pc, address) {
  await pc.setLocalDescription();
  const headers = { 'content-type': 'application/sdp' };
  const offer = { method: 'POST', headers, body: pc.localDescription.sdp };
  const response = await fetch(address, offer);
  const sdp = await response.text();
  if (!response.ok) throw new Error(sdp);
  await pc.setRemoteDescription({ type: 'answer', sdp });
  return new URL(response.headers.get('location'), response.url);
}
const watched = new Map();
async function watch(id) {
  if (watched.has(id)) return;
  const pc = new RTCPeerConnection();
  pc.addTransceiver('video', { direction: 'recvonly' });
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  pc.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
  const session = exchange(pc, `/whep/${room}/${id}`);
  watched.set(id, { pc, video, session });
  await session;
  video.play().then(() => console.log('seen:', id), console.log);
}
const mine = new RTCPeerConnection();
const card = testCard({ width: 160, height: 90, fps: 10 });
mine.addTransceiver(card, { direction: 'sendonly' });
await exchange(mine, `/whip/${room}`);
for (;;) {
  const { publishers } = await (await fetch(`/sfu/${room}`)).json();
  const ids = publishers.map(({ id }) => id);
  for (const id of ids) await watch(id).catch(console.log);
  for (const [id, { pc, video, session }] of watched) {
    if (ids.includes(id)) continue;
    watched.delete(id);
    video.remove();
    pc.close();
    await session.then((at) => fetch(at, { method: 'DELETE' })).catch(() => {});
  }
  await new Promise((done) => setTimeout(done, 1000));
}
