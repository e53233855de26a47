import { openLine } from 'test-network';

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('any');
const isOpen = new Promise((done) => channel.addEventListener('open', done));
channel.onclose = () => log('the channel is closed');
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => log(`B got: ${data}`);
};
const start = performance.now();
function log(text) {
  console.log(`${((performance.now() - start) / 1000).toFixed(1)} s: ${text}`);
}

async function negotiate() {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
}
const wifi = await openLine();
const mobile = await openLine();
await negotiate();
await wifi.join(a, b);
await isOpen;
await wifi.set({ cut: true });
log('the Wi-Fi is gone');
channel.send('said without a network');

a.onconnectionstatechange = async () => {
  log(`A is ${a.connectionState}`);
  if (a.connectionState !== 'disconnected') return;
  a.restartIce();
  await negotiate();
  await mobile.join(a, b);
};
