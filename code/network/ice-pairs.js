const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

const channel = a.createDataChannel('any');
const isOpen = new Promise((done) => channel.addEventListener('open', done));
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await isOpen;

async function showPairs(name, pc) {
  const stats = await pc.getStats();
  let used;
  for (const entry of stats.values()) {
    if (entry.type === 'transport') used = entry.selectedCandidatePairId;
  }
  for (const pair of stats.values()) {
    if (pair.type !== 'candidate-pair') continue;
    const local = stats.get(pair.localCandidateId);
    const remote = stats.get(pair.remoteCandidateId);
    console.log(
      `${name}: ${local.candidateType} ${local.protocol} to`,
      `${remote.candidateType} ${remote.protocol}:`,
      pair.state,
      pair.id === used ? '(in use)' : '',
    );
  }
}
await showPairs('A', a);
await showPairs('B', b);
