import { testCard } from 'test-media';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
b.ontrack = ({ track }) => {
  const video = document.createElement('video');
  Object.assign(video, { width: 320, height: 180, muted: true });
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  video.play();
};
const card = testCard({ width: 320, height: 180, fps: 10 });
const sending = a.addTransceiver(card);

function preferVp9() {
  const { codecs } = RTCRtpReceiver.getCapabilities('video');
  const isIt = ({ mimeType }) => mimeType === 'video/VP9';
  const others = codecs.filter((codec) => !isIt(codec));
  sending.setCodecPreferences([...codecs.filter(isIt), ...others]);
}

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
preferVp9();

for (let second = 1; second <= 15; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const reports = await a.getStats();
  const all = [...reports.values()];
  const sent = all.find(({ type }) => type === 'outbound-rtp');
  const codec = reports.get(sent?.codecId)?.mimeType;
  console.log(`A sends ${codec ?? 'nothing yet'}`);
}
