const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);

caller.createDataChannel('chat');
await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
// The answer is lost here: the caller never gets it.

function show(when) {
  for (const [name, pc] of Object.entries({ caller, answerer })) {
    console.log(`${when}, ${name}: ${pc.signalingState},
  ICE ${pc.iceConnectionState}, connection ${pc.connectionState}`);
  }
}

await new Promise((done) => setTimeout(done, 1500));
show('soon');
await new Promise((done) => setTimeout(done, 6500));
show('later');
