import { testCard } from 'test-media';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

function show(name, track) {
  console.log(name, 'has a track');
  const video = document.createElement('video');
  Object.assign(video, { width: 160, height: 90, muted: true });
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  video.play();
}
a.ontrack = ({ track }) => show('A', track);
b.ontrack = ({ track }) => show('B', track);
const size = { width: 320, height: 180, fps: 10 };

a.addTrack(testCard(size));
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);

// B has a picture to send as well.
b.addTransceiver(testCard(size));
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
