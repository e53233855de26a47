import { openLine } from 'test-network';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
const channel = b.createDataChannel('ticks', { negotiated: true, id: 0 });
const ticks = a.createDataChannel('ticks', { negotiated: true, id: 0 });
ticks.onmessage = ({ data }) => {
  if (data.endsWith('0')) console.log('A received', data);
};
const wifi = await openLine();
const mobile = await openLine();

async function negotiate(line) {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await line.join(a, b);
}
async function changeOver() {
  a.restartIce();
  await negotiate(mobile);
}

await negotiate(wifi);
while (channel.readyState !== 'open') await wait(10);
let count = 0;
setInterval(() => channel.send(`tick ${++count}`), 100);
await wifi.play('delay 300 ms at 2 s, delay 5 ms at 4 s, cut at 6 s');

a.onconnectionstatechange = () => {
  console.log('A is', a.connectionState);
  if (a.connectionState === 'disconnected') changeOver();
};
