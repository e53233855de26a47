async function way(pc) {
  const stats = await pc.getStats();
  const all = [...stats.values()];
  const transport = all.find(({ type }) => type === 'transport');
  const pair = stats.get(transport?.selectedCandidatePairId);
  if (!pair) return 'no way yet';
  const local = stats.get(pair.localCandidateId);
  const remote = stats.get(pair.remoteCandidateId);
  const types = [local.candidateType, remote.candidateType];
  const kind = types.includes('relay') ? 'relayed' : 'direct';
  return `${kind}, ${types.join(' to ')}`;
}

const configuration = {};
const a = new RTCPeerConnection(configuration);
const b = new RTCPeerConnection(configuration);
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
const channel = a.createDataChannel('any');
const isOpen = new Promise((done) => channel.addEventListener('open', done));
console.log('A before:', await way(a));

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await isOpen;
console.log('A:', await way(a));
console.log('B:', await way(b));
