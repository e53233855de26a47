const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
a.onicegatheringstatechange = () => {
  console.log('A: gathering is', a.iceGatheringState);
};

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
let number = 0;
channel.onopen = () =>
  setInterval(() => {
    number++;
    channel.send(`tick ${number}`);
  }, 500);
await negotiate();

// The network has changed: ICE has to look for a way again.
await new Promise((done) => setTimeout(done, 1200));
a.restartIce();
console.log('restarting');
