const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
// Those of one side are enough.
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);

const report = (when) => {
  console.log(`${when}: caller ${caller.signalingState}`);
  console.log(`${when}: answerer ${answerer.signalingState}`);
};
const second = () => new Promise((done) => setTimeout(done, 1000));

const channel = caller.createDataChannel('news');
channel.onopen = () => console.log('the channel is open');

await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
// The answer is lost on its way: the caller is never told.

caller.onnegotiationneeded = () => console.log('negotiation needed');
caller.addTransceiver('audio');
await second();
report('after a second');
