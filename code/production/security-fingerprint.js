const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

for (const [name, pc] of Object.entries({ caller, answerer })) {
  pc.oniceconnectionstatechange = () => {
    console.log(`${name}: ICE ${pc.iceConnectionState}`);
  };
  pc.onconnectionstatechange = () => {
    console.log(`${name}: ${pc.connectionState}`);
  };
}

const channel = caller.createDataChannel('chat');
channel.onopen = async () => {
  const stats = [...(await caller.getStats()).values()];
  const transport = stats.find(({ type }) => type === 'transport');
  console.log('encrypted with', transport.dtlsCipher);
};

// What signaling makes of a description on its way to the other side.
const carry = ({ type, sdp }) => ({ type, sdp });

await caller.setLocalDescription();
await answerer.setRemoteDescription(carry(caller.localDescription));
await answerer.setLocalDescription();
await caller.setRemoteDescription(carry(answerer.localDescription));

const fingerprint = ({ sdp }) => /a=fingerprint:(.*)/.exec(sdp)[1];
console.log('the caller has:', fingerprint(caller.localDescription));
console.log('answerer told: ', fingerprint(answerer.remoteDescription));
