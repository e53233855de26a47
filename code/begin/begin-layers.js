const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

const channel = a.createDataChannel('hello');
const isOpen = new Promise((done) => channel.addEventListener('open', done));

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
console.log('signaling:', a.signalingState);
await isOpen;

const stats = await a.getStats();
const all = [...stats.values()];
const transport = all.find(({ type }) => type === 'transport');
const pair = stats.get(transport.selectedCandidatePairId);
const { protocol } = stats.get(pair.localCandidateId);

// From below to above.
console.log('packets:', protocol.toUpperCase());
console.log('ICE:', a.iceConnectionState, 'as', transport.iceRole);
console.log('DTLS:', transport.dtlsState, 'version', transport.tlsVersion);
console.log('SCTP:', a.sctp.state, 'up to', a.sctp.maxMessageSize, 'bytes');
console.log('data channel:', channel.readyState);
