const fingerprint = ({ sdp }) => /a=fingerprint:\S+ (\S+)/.exec(sdp)[1];
const next = (target, event) => new Promise((done) => (target[event] = done));

async function connect(from, to) {
  const way = { negotiated: true, id: 0 };
  const [near, far] = [from, to].map((pc) => pc.createDataChannel('chat', way));
  from.onicecandidate = ({ candidate }) => to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => from.addIceCandidate(candidate);
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription);
  await Promise.all([next(near, 'onopen'), next(far, 'onopen')]);
  return [near, far];
}

async function throughMallory(alice, bob) {
  const [asBob, asAlice] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const [a, left] = await connect(alice, asBob);
  const [right, b] = await connect(asAlice, bob);
  left.onmessage = ({ data }) => right.send(data.replace('noon', 'midnight'));
  const truth = fingerprint(bob.localDescription);
  const lie = fingerprint(asBob.localDescription);
  right.onmessage = ({ data }) => left.send(data.replace(truth, lie));
  return [a, b];
}

const ways = [connect, connect, throughMallory, throughMallory];
for (const way of ways.sort(() => Math.random() - 0.5)) {
  const [alice, bob] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const [toBob, toAlice] = await way(alice, bob);

  // Bob writes to Alice which fingerprint is his.
  toAlice.send(fingerprint(bob.localDescription));
  const { data: his } = await next(toBob, 'onmessage');
  if (his === fingerprint(alice.remoteDescription)) {
    console.log('That is Bob.');
    toBob.send('Let us meet at noon');
  } else console.log('DANGER');
}
