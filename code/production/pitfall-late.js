const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

const channel = caller.createDataChannel('questions');
const opened = new Promise((resolve) => (channel.onopen = resolve));
channel.onmessage = ({ data }) => console.log('caller received:', data);

await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
await caller.setRemoteDescription(answerer.localDescription);
await opened;

const zone = await loadSettings();
answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => channel.send(`${data} noon, ${zone}`);
};
channel.send('what is the time?');
console.log('asked');

async function loadSettings() {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return 'UTC';
}
