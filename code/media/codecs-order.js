import { testCard } from 'test-media';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
const card = testCard({ width: 320, height: 180, fps: 10 });
const sending = a.addTransceiver(card);

// Puts one codec in front, and all others behind it.
function prefer(transceiver, name) {
  const { codecs } = RTCRtpReceiver.getCapabilities('video');
  const isIt = ({ mimeType }) => mimeType === `video/${name}`;
  const others = codecs.filter((codec) => !isIt(codec));
  transceiver.setCodecPreferences([...codecs.filter(isIt), ...others]);
}
function show(what, { sdp }) {
  const [, types] = /^m=video \d+ \S+ (.*)$/m.exec(sdp);
  const names = types.split(' ').map((type) => {
    return new RegExp(`^a=rtpmap:${type} ([^/]+)`, 'm').exec(sdp)?.[1];
  });
  console.log(`${what} ${names.join(' ')}`);
}

prefer(sending, 'VP9');
await a.setLocalDescription();
show('A offers', a.localDescription);
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
show('B answers', b.localDescription);
await a.setRemoteDescription(b.localDescription);

for (let second = 1; second <= 15; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const reports = await a.getStats();
  const all = [...reports.values()];
  const sent = all.find(({ type }) => type === 'outbound-rtp') ?? {};
  const codec = reports.get(sent.codecId)?.mimeType ?? 'nothing yet';
  console.log(`A sends ${codec}, ${sent.framesEncoded ?? 0} pictures`);
}
