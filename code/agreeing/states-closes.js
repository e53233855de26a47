const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

const channel = caller.createDataChannel('chat');
await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
await caller.setRemoteDescription(answerer.localDescription);
const isReady = () =>
  channel.readyState === 'open' &&
  [caller, answerer].every((pc) => pc.connectionState === 'connected');
while (!isReady()) await new Promise((done) => setTimeout(done, 20));

caller.onconnectionstatechange = () => {
  console.log('caller, event:', caller.connectionState);
};
const { transport } = caller.sctp;
transport.onstatechange = () => console.log('caller, DTLS:', transport.state);
channel.onclose = () => console.log('caller, channel: close');
answerer.onconnectionstatechange = () => {
  console.log('answerer, event:', answerer.connectionState);
};

answerer.close();
console.log('answerer, asked:', answerer.connectionState);

for (const seconds of [1, 2, 3]) {
  await new Promise((done) => setTimeout(done, 1000));
  console.log(`caller, asked after ${seconds} s:`, caller.connectionState);
}
