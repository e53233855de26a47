const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

// Says each new state of an object: the event is called like the state.
function watch(name, object, ...states) {
  for (const state of states) {
    object.addEventListener(`${state.toLowerCase()}change`, () => {
      console.log(`${name}, ${state}: ${object[state]}`);
    });
  }
}
for (const [name, pc] of Object.entries({ caller, answerer })) {
  watch(
    name,
    pc,
    'signalingState',
    'iceGatheringState',
    'iceConnectionState',
    'connectionState',
  );
}

const channel = caller.createDataChannel('chat');
channel.onopen = () => console.log(`channel: ${channel.readyState}`);

await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
await caller.setRemoteDescription(answerer.localDescription);

// The transports exist since the descriptions are agreed on.
for (const [name, pc] of Object.entries({ caller, answerer })) {
  watch(`${name}, DTLS`, pc.sctp.transport, 'state');
}
