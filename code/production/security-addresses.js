// The STUN and TURN servers that this book's server lends.
const response = await fetch('/ice', { method: 'POST' });
const { iceServers } = await response.json();
if (iceServers.length === 0)
  console.log('none for this browser, at this address');

await gather('nobody asked', {});
await gather('a server asked', { iceServers });

async function gather(title, configuration) {
  const pc = new RTCPeerConnection(configuration);
  pc.createDataChannel('chat');
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate?.address) return;
    const { type, protocol, address, port, relatedAddress } = candidate;
    const base = relatedAddress ? `of ${relatedAddress}` : '';
    console.log(`${title}: ${type} ${protocol} ${address} ${port} ${base}`);
  };
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== 'complete') {
    await new Promise((changed) => (pc.onicegatheringstatechange = changed));
  }
  pc.close();
}
