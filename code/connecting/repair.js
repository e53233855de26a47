const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();

caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);

const channel = caller.createDataChannel('chat');
channel.onmessage = ({ data }) => console.log('caller received:', data);
channel.send('hello from the caller');

answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => {
    console.log('answerer received:', data);
    channel.send('hello from the answerer');
  };
};

await caller.setLocalDescription(await caller.createOffer());
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription(await answerer.createAnswer());
console.log('offer and answer are made');
