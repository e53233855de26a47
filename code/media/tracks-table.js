import { testCard } from 'test-media';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

function show(when, name, pc) {
  const transceivers = pc.getTransceivers();
  console.log(`${when}, ${name} has ${transceivers.length} transceivers`);
  for (const one of transceivers) {
    const { kind } = one.receiver.track;
    const wish = `wants ${one.direction}, agreed ${one.currentDirection}`;
    const track = one.sender.track ? 'a track' : 'nothing';
    const place = `mid ${one.mid}, ${kind}`;
    console.log(`${name}: ${place}, ${wish}, ${track} to send`);
  }
}

const size = { width: 320, height: 180, fps: 10 };
a.addTrack(testCard(size));
a.addTransceiver('audio');
show('before', 'A', a);
show('before', 'B', b);

await a.setLocalDescription();
show('offer set', 'A', a);
await b.setRemoteDescription(a.localDescription);
show('offer set', 'B', b);

await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
show('answered', 'A', a);
show('answered', 'B', b);
