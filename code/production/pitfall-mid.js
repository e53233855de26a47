const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
const channel = caller.createDataChannel('chat');
channel.onopen = () => channel.send('hello from the caller');
answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('answerer received:', data);
};

// Signaling carries text.
caller.onicecandidate = ({ candidate }) => {
  if (candidate) receive(JSON.stringify({ candidate: candidate.candidate }));
};

function receive(text) {
  answerer.addIceCandidate(JSON.parse(text)).catch(() => {});
}

const offer = await caller.createOffer();
await answerer.setRemoteDescription(offer);
await caller.setLocalDescription(offer);
const answer = await answerer.createAnswer();
await answerer.setLocalDescription(answer);
await caller.setRemoteDescription(answer);
console.log('offer and answer are set');
