import { testCard } from 'test-media';

const room = `layers-${Date.now()}`;
async function exchange(pc, address) {
  await pc.setLocalDescription();
  const headers = { 'content-type': 'application/sdp' };
  const offer = { method: 'POST', headers, body: pc.localDescription.sdp };
  const response = await fetch(address, offer);
  const sdp = await response.text();
  await pc.setRemoteDescription({ type: 'answer', sdp });
  return new URL(response.headers.get('location'), response.url).href;
}
const ada = new RTCPeerConnection();
const small = { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 80_000 };
const sendEncodings = [{ rid: 'h' }, small];
const direction = 'sendonly';
ada.addTransceiver(testCard({ fps: 15 }), { direction, sendEncodings });
const id = (await exchange(ada, `/whip/${room}`)).split('/').at(-2);
const ben = new RTCPeerConnection();
const { receiver } = ben.addTransceiver('video', { direction: 'recvonly' });
const video = document.body.appendChild(document.createElement('video'));
Object.assign(video, { width: 320, height: 180, muted: true });
ben.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
const session = await exchange(ben, `/whep/${room}/${id}`);
video.play();
await new Promise((done) => video.addEventListener('playing', done));
for (const encodingId of ['l', 'h', 'l']) {
  const body = JSON.stringify({ encodingId });
  await fetch(`${session}/layer`, { method: 'POST', body });
  for (let second = 1; second <= 15; second += 1) {
    await new Promise((done) => setTimeout(done, 1000));
    const reports = [...(await receiver.getStats()).values()];
    const got = reports.find(({ type }) => type === 'inbound-rtp');
    const lines = got?.frameHeight ?? 0;
    console.log(`layer ${encodingId}, ${second} s: ${lines} lines`);
    const isSmall = lines > 0 && lines <= 180;
    if (second >= 3 && isSmall === (encodingId === 'l')) break;
  }
}
