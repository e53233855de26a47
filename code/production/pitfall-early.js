const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
const channel = caller.createDataChannel('chat');
channel.onopen = () => channel.send('hello from the caller');
answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('answerer received:', data);
};

caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);

const offer = await caller.createOffer();
await caller.setLocalDescription(offer);

// It rings, and somebody has to pick up.
await new Promise((resolve) => setTimeout(resolve, 800));
console.log('picked up');

await answerer.setRemoteDescription(offer);
const answer = await answerer.createAnswer();
await answerer.setLocalDescription(answer);
await caller.setRemoteDescription(answer);
