const caller = new RTCPeerConnection();
const first = new RTCPeerConnection();
const second = new RTCPeerConnection();

for (const [name, pc] of Object.entries({ caller, first, second })) {
  pc.onconnectionstatechange = () => {
    console.log(`${name}: ${pc.connectionState}`);
  };
}
second.oniceconnectionstatechange = () => {
  console.log(`second, ICE: ${second.iceConnectionState}`);
};

// The caller's candidates go to both. One side's candidates are enough. The
// second gets them later: its handshake could disturb that of the first.
const isDone = new Promise((done) => (first.ondatachannel = done));
caller.onicecandidate = ({ candidate }) => {
  first.addIceCandidate(candidate);
  isDone.then(() => second.addIceCandidate(candidate));
};

caller.createDataChannel('chat');
const offer = await caller.createOffer();
await first.setRemoteDescription(offer);
await second.setRemoteDescription(offer);
await caller.setLocalDescription(offer);

await first.setLocalDescription();
await second.setLocalDescription();

await caller.setRemoteDescription(first.localDescription);
console.log('the first answer is taken');

try {
  await caller.setRemoteDescription(second.localDescription);
  console.log('the second answer is taken');
} catch (error) {
  console.log(`the second answer: ${error.name}`);
}
