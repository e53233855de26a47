import { testCard } from 'test-media';

const room = `late-${Date.now()}`;
async function exchange(pc, address) {
  await pc.setLocalDescription();
  const headers = { 'content-type': 'application/sdp' };
  const offer = { method: 'POST', headers, body: pc.localDescription.sdp };
  const sdp = await (await fetch(address, offer)).text();
  await pc.setRemoteDescription({ type: 'answer', sdp });
}
async function watch(address) {
  const pc = new RTCPeerConnection();
  const { receiver } = pc.addTransceiver('video', { direction: 'recvonly' });
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  pc.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
  await exchange(pc, address);
  video.play();
  return receiver;
}
const card = testCard({ width: 160, height: 90, fps: 10, title: 'Ada' });
const ada = new RTCPeerConnection();
ada.addTransceiver(card, { direction: 'sendonly' });
await exchange(ada, `/whip/${room}`);
const there = {};
for (let second = 0; second < 9; ) {
  await new Promise((done) => setTimeout(done, 1000));
  const { publishers } = await (await fetch(`/sfu/${room}`)).json();
  const { id, packets: sent } = publishers[0];
  if (sent >= 20) second += 1;
  const whep = `/whep/${room}/${id}`;
  if (second === 1) there.Ben = await watch(`${whep}?keyframes=off`);
  if (second === 5) there.Cem = await watch(whep);
  for (const [name, receiver] of Object.entries(there)) {
    const reports = [...(await receiver.getStats()).values()];
    const got = reports.find(({ type }) => type === 'inbound-rtp') ?? {};
    const { packetsReceived: packets = 0, framesDecoded = 0 } = got;
    console.log(`${name}: ${packets} packets, ${framesDecoded} pictures`);
  }
}
