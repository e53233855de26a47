import { pair, testCard } from 'test-media';

const room = `once-${Date.now()}`;
function show({ track }) {
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  video.srcObject = new MediaStream([track]);
  video.onplaying = () => console.log('a picture is seen');
  video.play();
}
async function exchange(pc, address) {
  await pc.setLocalDescription();
  const headers = { 'content-type': 'application/sdp' };
  const offer = { method: 'POST', headers, body: pc.localDescription.sdp };
  const response = await fetch(address, offer);
  const sdp = await response.text();
  await pc.setRemoteDescription({ type: 'answer', sdp });
  return response.headers.get('location').split('/').at(-2);
}
function publish(card) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver(card, { direction: 'sendonly' });
  return exchange(pc, `/whip/${room}`);
}
function watch(id) {
  const pc = new RTCPeerConnection();
  pc.ontrack = show;
  pc.addTransceiver('video', { direction: 'recvonly' });
  return exchange(pc, `/whep/${room}/${id}`);
}
function call(one, other) {
  const [a, b] = pair();
  a.ontrack = b.ontrack = show;
  a.addTrack(one);
  b.addTrack(other);
}
const card = (title) => testCard({ width: 160, height: 90, fps: 10, title });
const cards = ['Ada', 'Ben', 'Cem'].map(card);
for (const one of [0, 1, 2])
  for (let i = one + 1; i < 3; i += 1) call(cards[one], cards[i]);
