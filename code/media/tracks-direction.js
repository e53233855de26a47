import { testCard } from 'test-media';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
const card = testCard({ width: 320, height: 180, fps: 10 });
const sending = a.addTransceiver(card, { direction: 'sendonly' });

const hasPicture = new Promise((done) => {
  b.ontrack = ({ track }) => {
    console.log('B has a track, muted:', track.muted);
    track.onunmute = () => {
      console.log('B: a packet, unmuted');
      done();
    };
    track.onmute = () => console.log('B: muted again');
  };
});

async function negotiate() {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  show('A', sending);
  show('B', b.getTransceivers()[0]);
}
function show(name, { direction, currentDirection }) {
  console.log(`${name} wants ${direction}, agreed is ${currentDirection}`);
}

await negotiate();
await hasPicture;
sending.direction = 'inactive';
show('A', sending);
await new Promise((done) => setTimeout(done, 2000));
await negotiate();
