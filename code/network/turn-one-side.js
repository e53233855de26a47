const lent = await fetch('/ice', { method: 'POST' });
const { iceServers } = await lent.json();
if (iceServers.length === 0) console.log('none at this address');

await call('B has a relay too', { iceServers });
await call('B names no server', {});

async function call(title, configuration) {
  // A shows no address of its own.
  const a = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  const b = new RTCPeerConnection(configuration);
  const kinds = new Set();
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) kinds.add(candidate.type);
    a.addIceCandidate(candidate);
  };
  const channel = a.createDataChannel('chat');
  const open = new Promise((done) => (channel.onopen = () => done('open')));
  const late = new Promise((done) => setTimeout(done, 4_000, 'not open'));

  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  console.log(`${title}:`, await Promise.race([open, late]), [...kinds]);
  a.close();
  b.close();
}
