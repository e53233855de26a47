const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

// Both sides make the channel, with the same id.
const ofA = a.createDataChannel('chat', { negotiated: true, id: 7 });
const ofB = b.createDataChannel('chat', { negotiated: true, id: 7 });

ofA.onopen = () => {
  console.log('A: open, id', ofA.id);
  ofA.send('hello from A');
};
ofB.onopen = () => console.log('B: open, id', ofB.id);
ofB.onmessage = ({ data }) => console.log('B received:', data);
b.ondatachannel = ({ channel }) => {
  console.log('B is told of a channel, id', channel.id);
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);

const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
