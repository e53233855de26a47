// What each program can, the best first. It says so in signaling.
const programs = {
  'last week': ['talk.1'],
  today: ['talk.2', 'talk.1'],
};

for (const from of Object.keys(programs)) {
  for (const to of Object.keys(programs)) await call(from, to);
}

async function call(from, to) {
  const protocol = programs[from].find((one) => programs[to].includes(one));
  if (!protocol) {
    console.log(`${from} to ${to}: nothing in common`);
    return;
  }
  const a = new RTCPeerConnection();
  const b = new RTCPeerConnection();
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  const told = new Promise((done) => (b.ondatachannel = done));
  a.createDataChannel('talk', { protocol });

  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  const { channel } = await told;
  console.log(`${from} to ${to}: ${channel.label}, as ${channel.protocol}`);
}
