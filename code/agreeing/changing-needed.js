const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

let times = 0;
caller.onnegotiationneeded = async () => {
  times += 1;
  console.log('negotiation needed, time', times);

  // Without an argument, the browser makes the description that fits.
  await caller.setLocalDescription();
  await answerer.setRemoteDescription(caller.localDescription);
  await answerer.setLocalDescription();
  await caller.setRemoteDescription(answerer.localDescription);
  console.log('agreed, time', times);
};

answerer.ontrack = ({ track }) => console.log('answerer has', track.kind);

const open = (label) => {
  const channel = caller.createDataChannel(label);
  return new Promise((done) => channel.addEventListener('open', done));
};

await open('first');
console.log('the first channel is open');
await open('second');
console.log('the second channel is open');

caller.addTransceiver('audio');
