import { openLine } from 'test-network';

const wifi = await openLine({ timeline: 'cut at 3 s' });
const mobile = await openLine();
let a, b, channel;

async function connect(line) {
  a = new RTCPeerConnection();
  b = new RTCPeerConnection();
  channel = a.createDataChannel('ticks');
  b.ondatachannel = (event) => {
    event.channel.onmessage = ({ data }) => console.log(data);
  };
  a.onconnectionstatechange = () => {
    console.log('A is', a.connectionState);
    if (a.connectionState === 'failed') connect(mobile);
  };
  await negotiate(line);
}

async function negotiate(line) {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await line.join(a, b);
}

await connect(wifi);
let number = 0;
setInterval(() => {
  if (channel.readyState !== 'open') return;
  number++;
  channel.send(`tick ${number}`);
}, 500);
