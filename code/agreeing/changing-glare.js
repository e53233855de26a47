const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const report = (what) => {
  console.log(`${what}: A ${a.signalingState}, B ${b.signalingState}`);
};

a.createDataChannel('of A');
b.createDataChannel('of B');

// Each makes an offer before it knows of the other's.
await a.setLocalDescription();
await b.setLocalDescription();
const [offerOfA, offerOfB] = [a.localDescription, b.localDescription];
report('both have offered');

await a.setRemoteDescription(offerOfB);
await b.setRemoteDescription(offerOfA);
report('both have the offer of the other');

await a.setLocalDescription();
await b.setLocalDescription();
const [answerOfA, answerOfB] = [a.localDescription, b.localDescription];
report('both have answered');

await b.setRemoteDescription(answerOfA).catch((error) => {
  console.log('B refuses the answer of A:', error.name);
});
await a.setRemoteDescription(answerOfB).catch((error) => {
  console.log('A refuses the answer of B:', error.name);
});
report('in the end');
