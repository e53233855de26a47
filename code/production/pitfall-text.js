const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);
answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('answerer received:', data);
};
const channel = caller.createDataChannel('chat');
const opened = new Promise((resolve) => (channel.onopen = resolve));

await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();

// After an outage, the server delivers again what may have been lost.
await take(answerer.localDescription);
await take(answerer.localDescription);
await opened;
channel.send('hello from the caller');

async function take(answer) {
  try {
    await caller.setRemoteDescription(answer);
  } catch (error) {
    if (error.message.endsWith('Called in wrong state: kStable')) return;
    throw error;
  }
}
