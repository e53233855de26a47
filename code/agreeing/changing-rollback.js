const pc = new RTCPeerConnection();
pc.onnegotiationneeded = () => console.log('negotiation needed');
pc.onsignalingstatechange = () => {
  console.log('signaling state:', pc.signalingState);
};
const report = (when) => {
  const offer = pc.localDescription ? 'an offer' : 'no offer';
  console.log(`${when}: ${offer}, mid ${transceiver.mid}`);
};

const transceiver = pc.addTransceiver('audio');
report('before');

await pc.setLocalDescription();
report('offered');

await pc.setLocalDescription({ type: 'rollback' });
report('rolled back');
