import { openLine } from 'test-network';

const line = await openLine({ delay: 100 });

const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('echo');
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => channel.send(data);
};

// Offer and answer as always, and no candidates.
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);

channel.onopen = async () => {
  console.log('b is', b.connectionState);
  console.log(`there and back in ${await roundTrip()} ms`);
  await line.set({ delay: 10 });
  console.log(`there and back in ${await roundTrip()} ms`);
};

async function roundTrip() {
  const sent = performance.now();
  channel.send('hello');
  await new Promise((resolve) => {
    channel.onmessage = resolve;
  });
  return Math.round(performance.now() - sent);
}
