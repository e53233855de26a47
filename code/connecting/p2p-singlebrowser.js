const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();

caller.onconnectionstatechange = () => {
  console.log('caller:', caller.connectionState);
};
answerer.onconnectionstatechange = () => {
  console.log('answerer:', answerer.connectionState);
};

// Both peers live in this page: each candidate is handed over as it is found.
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

const channel = caller.createDataChannel('chat');
channel.onopen = () => channel.send('hello from the caller');
channel.onmessage = ({ data }) => {
  console.log('caller received:', data);
  console.log('connected: one message went each way');
};

answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => {
    console.log('answerer received:', data);
    channel.send('hello from the answerer');
  };
};

const offer = await caller.createOffer();
await caller.setLocalDescription(offer);
await answerer.setRemoteDescription(offer);

const answer = await answerer.createAnswer();
await answerer.setLocalDescription(answer);
await caller.setRemoteDescription(answer);
console.log('offer and answer are exchanged');
