const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('answerer received:', data);
};
const channel = caller.createDataChannel('chat');
channel.onopen = () => channel.send('hello');

const offer = await caller.createOffer();
await caller.setLocalDescription(offer);
await answerer.setRemoteDescription(offer);
const answer = await answerer.createAnswer();
await answerer.setLocalDescription(answer);
await caller.setRemoteDescription(answer);

setTimeout(() => {
  if (channel.readyState === 'open') return;
  console.log('nobody answers');
  caller.close();
}, 2_000);
