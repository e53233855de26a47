const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

for (const [name, pc] of Object.entries({ caller, answerer })) {
  pc.oniceconnectionstatechange = () => {
    console.log(`${name}, ICE: ${pc.iceConnectionState}`);
  };
}

caller.createDataChannel('chat');

await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
await caller.setRemoteDescription(answerer.localDescription);
console.log('agreed:', caller.signalingState, answerer.signalingState);
