// What the server of this page lends to those who look for a way.
const lent = await fetch('/ice', { method: 'POST' });
const { iceServers } = await lent.json();
const urls = iceServers.flatMap((server) => server.urls);
console.log('lent:', urls.join(', ') || 'nothing at this address');

const pc = new RTCPeerConnection({ iceServers });
pc.createDataChannel('any');
const found = { host: [], srflx: [], relay: [] };
pc.onicecandidate = ({ candidate }) => {
  if (!candidate?.candidate) return;
  const { type, protocol, address, port } = candidate;
  found[type].push(`${protocol} ${address}:${port}`);
};
const complete = new Promise((done) => {
  pc.onicegatheringstatechange = () => {
    if (pc.iceGatheringState === 'complete') done();
  };
});
const late = new Promise((done) => setTimeout(done, 5000));
await pc.setLocalDescription();
await Promise.race([complete, late]);

for (const [type, list] of Object.entries(found)) {
  console.log(`${type}: ${list.join(', ') || 'none'}`);
}
