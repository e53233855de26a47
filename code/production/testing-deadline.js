const next = (target, type) =>
  new Promise((done) => target.addEventListener(type, done, { once: true }));

function soon(promise, what) {
  const deadline = new Promise((_, fail) => {
    setTimeout(() => fail(new Error(`no ${what} within 10 s`)), 10_000);
  });
  return Promise.race([promise, deadline]);
}

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
const channel = a.createDataChannel('chat');
const opened = next(channel, 'open');
const offered = next(b, 'datachannel');

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);

try {
  await soon(opened, 'open channel at A');
  const { channel: other } = await soon(offered, 'channel at B');
  channel.send('ping');
  const ping = await soon(next(other, 'message'), 'ping at B');
  other.send('pong');
  const pong = await soon(next(channel, 'message'), 'pong at A');
  console.log(`passed: ${ping.data} and ${pong.data} have arrived`);
} catch ({ message }) {
  console.log('failed:', message);
} finally {
  a.close();
  b.close();
}
