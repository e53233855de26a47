const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

const kind = { ordered: false, maxRetransmits: 0 };
const channel = a.createDataChannel('flood', kind);

let arrived = 0;
b.ondatachannel = ({ channel }) => {
  channel.onmessage = () => (arrived += 1);
};

channel.onopen = () => {
  const message = new Uint8Array(1_000);
  for (let i = 0; i < 6_000; i += 1) channel.send(message);
  console.log('sent: 6000');
  setTimeout(() => console.log('arrived:', arrived), 5_000);
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);

const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
