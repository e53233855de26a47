const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

// Two programs, and each has a list of its own.
const idsOfA = { chat: 1, moves: 2, files: 3 };
const idsOfB = { chat: 1, moves: 3, files: 4 };

for (const [label, id] of Object.entries(idsOfA)) {
  const channel = a.createDataChannel(label, { negotiated: true, id });
  channel.onopen = () => {
    console.log(`A: ${label} is open`);
    channel.send(`for ${label}`);
  };
}
for (const [label, id] of Object.entries(idsOfB)) {
  const channel = b.createDataChannel(label, { negotiated: true, id });
  channel.onopen = () => console.log(`B: ${label} is open`);
  channel.onmessage = ({ data }) => {
    console.log(`B: on ${label} arrived “${data}”`);
  };
}

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);

const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
