// Bob's own, made once. A page would keep it in IndexedDB.
const kept = await RTCPeerConnection.generateCertificate({
  name: 'ECDSA',
  namedCurve: 'P-256',
});

const fingerprint = ({ sdp }) => /a=fingerprint:(.*)/.exec(sdp)[1];
// What Alice keeps: whom she has compared words with.
const known = new Map();

for (const call of [1, 2]) {
  const alice = new RTCPeerConnection();
  const bob = new RTCPeerConnection({ certificates: [kept] });
  alice.onicecandidate = ({ candidate }) => bob.addIceCandidate(candidate);
  bob.onicecandidate = ({ candidate }) => alice.addIceCandidate(candidate);
  const channel = alice.createDataChannel('chat');

  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription);
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription);
  await new Promise((opened) => (channel.onopen = opened));

  const theirs = fingerprint(alice.remoteDescription);
  console.log(`call ${call}:`, known.get(theirs) ?? 'a stranger');
  known.set(theirs, 'Bob again');
  alice.close();
  bob.close();
}
const days = (kept.expires - Date.now()) / 86_400_000;
console.log('the certificate expires in', Math.round(days), 'days');
