const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

async function negotiate() {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
}

const channel = a.createDataChannel('ticks');
b.ondatachannel = (event) => {
  event.channel.onmessage = ({ data }) => console.log(data);
};
await negotiate();

let number = 0;
channel.onopen = () => setInterval(() => {
  number++;
  channel.send(`tick ${number}`);
}, 200);

// The network has changed: ICE has to look for a way again.
await new Promise((done) => setTimeout(done, 1000));
a.restartIce();
