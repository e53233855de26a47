const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
// Those of one side are enough.
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);

const channel = caller.createDataChannel('news');
channel.onopen = () => channel.send('hello from the caller');
answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('answerer received:', data);
};

async function offer() {
  await caller.setLocalDescription();
  console.log('the caller offers');
  receiveOffer(caller.localDescription);
}

async function receiveOffer(description) {
  await answerer.setRemoteDescription(description);
  await answerer.setLocalDescription();
  console.log('the answerer answers');
  receiveAnswer(answerer.localDescription);
}

async function receiveAnswer(description) {
  await caller.setRemoteDescription(description);
  console.log('the caller has an answer');
}

caller.onnegotiationneeded = offer;
