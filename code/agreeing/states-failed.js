const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

for (const [name, pc] of Object.entries({ caller, answerer })) {
  pc.oniceconnectionstatechange = () => {
    console.log(`${name}, ICE: ${pc.iceConnectionState}`);
  };
  pc.onconnectionstatechange = () => {
    console.log(`${name}, connection: ${pc.connectionState}`);
  };
}

caller.createDataChannel('chat');
await caller.setLocalDescription();
const offer = caller.localDescription;
await answerer.setRemoteDescription(offer);
await answerer.setLocalDescription();
await caller.setRemoteDescription(answerer.localDescription);
