const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
a.onconnectionstatechange = () => console.log('A:', a.connectionState);

a.onnegotiationneeded = async () => {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  const { sdp } = a.localDescription;
  console.log(sdp.match(/^a=ice-ufrag:.*/m)[0]);
  console.log(sdp.match(/^a=fingerprint:.{17}/m)[0], '…');
};

let last,
  gap = 0;
b.ondatachannel = ({ channel }) => {
  channel.onmessage = () => {
    const now = performance.now();
    if (last) gap = Math.max(gap, now - last);
    last = now;
  };
};
const channel = a.createDataChannel('ticks');
channel.onopen = () => setInterval(() => channel.send('tick'), 10);
channel.onclose = () => console.log('the channel is closed');

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
await wait(1500);
console.log('restart');
gap = 0;
a.restartIce();
await wait(1500);
console.log(
  `channel ${channel.readyState},`,
  `longest silence ${Math.round(gap)} ms`,
);
