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

const asked = {
  transport: 'selectedCandidatePairId dtlsState iceRole bytesSent packetsSent',
  'candidate-pair': `state bytesSent lastPacketReceivedTimestamp
    currentRoundTripTime responsesReceived requestsSent packetsSent
    selected`,
  'local-candidate': 'candidateType protocol address',
  'data-channel': 'bytesSent messagesSent state packetsLost',
  certificate: 'fingerprint',
};
const stats = await a.getStats();
const { selectedCandidatePairId } = [...stats.values()].find(
  ({ type }) => type === 'transport',
);
const pair = stats.get(selectedCandidatePairId);
for (const [type, names] of Object.entries(asked)) {
  const first = [...stats.values()].find((entry) => entry.type === type);
  const report = type === 'candidate-pair' ? pair : first;
  for (const name of names.split(/\s+/)) {
    const has = report && name in report;
    console.log(`${has ? 'has' : 'no '} ${type}.${name}`);
  }
}
