const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

const channel = caller.createDataChannel('chat');
channel.onopen = () => console.log('channel: open');

const offer = await caller.createOffer();
await caller.setLocalDescription(offer);
await answerer.setRemoteDescription(offer);

const answer = await answerer.createAnswer();
await answerer.setLocalDescription(answer);
await caller.setRemoteDescription(answer);

const setup = ({ sdp }) => sdp.match(/a=setup:.*/)[0];
console.log('offer: ', setup(offer));
console.log('answer:', setup(answer));
