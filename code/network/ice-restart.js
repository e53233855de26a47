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
const lineOf = (name) => a.localDescription.sdp
  .match(new RegExp(`^a=${name}:.*`, 'm'))[0];
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

let last, gap = 0, count = 0;
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ timeStamp }) => {
    if (last) gap = Math.max(gap, timeStamp - last);
    last = timeStamp;
    count++;
  };
};
const channel = a.createDataChannel('ticks');
channel.onopen = () => setInterval(() => channel.send('tick'), 10);
channel.onclose = () => console.log('the channel is closed');

a.onnegotiationneeded = negotiate;
await wait(1500);
console.log(count > 0 ? 'messages flow' : 'no message',
  lineOf('ice-ufrag'), lineOf('fingerprint'));
gap = 0;
a.restartIce();
await wait(1500);
console.log('after', lineOf('ice-ufrag'), lineOf('fingerprint'));
console.log(`largest gap: ${Math.round(gap)} ms; ${channel.readyState}`);
