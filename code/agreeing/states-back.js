import { openLine } from 'test-network';

const line = await openLine();
const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
const channel = caller.createDataChannel('chat');
answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('answerer received:', data);
};

await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
await caller.setRemoteDescription(answerer.localDescription);
await line.join(caller, answerer);
await new Promise((done) => {
  channel.onopen = done;
});

await line.set({ cut: true });
console.log('the line is cut');
channel.send('said while the line was cut');

answerer.onconnectionstatechange = () => {
  console.log('answerer:', answerer.connectionState);
};
caller.onconnectionstatechange = async () => {
  console.log('caller:', caller.connectionState);
  if (caller.connectionState !== 'disconnected') return;
  console.log('channel:', channel.readyState);
  await line.set({ cut: false });
  console.log('the line is mended');
};
