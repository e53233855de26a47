import { testCard } from 'test-media';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

async function negotiate(when) {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  const [, ...sections] = a.localDescription.sdp.split(/^m=/m);
  const shown = sections.map((section) => {
    const [kind, port] = section.split(' ');
    const isBundled = section.includes('a=bundle-only');
    return port === '0' && !isBundled ? `${kind} (stopped)` : kind;
  });
  const { length } = a.getTransceivers();
  console.log(`${when}: ${shown.join(', ')}; transceivers of A: ${length}`);
}

const audio = a.addTransceiver('audio');
a.addTransceiver(testCard({ width: 320, height: 180, fps: 10 }));
await negotiate('first');

audio.stop();
await negotiate('after stop()');

a.addTransceiver('video');
await negotiate('with another');
