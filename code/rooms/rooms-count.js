const waitFor = (object, event) =>
  new Promise((done) => object.addEventListener(event, done, { once: true }));

/** Connects two peers, and returns both ends. */
async function connect() {
  const a = new RTCPeerConnection();
  const b = new RTCPeerConnection();
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  const channel = a.createDataChannel('chat');
  const open = waitFor(channel, 'open');
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await open;
  return [a, b];
}

for (const n of [2, 4, 8]) {
  const since = performance.now();
  const attempts = [];
  for (let one = 0; one < n; one += 1) {
    for (let other = one + 1; other < n; other += 1) attempts.push(connect());
  }
  const ends = (await Promise.all(attempts)).flat();
  const took = Math.round(performance.now() - since);
  const sdp = ends.map((end) => end.localDescription.sdp).join('').length;
  console.log(`peers: ${n}, connections: ${attempts.length}`);
  console.log(`  each has ${n - 1}; made in ${took} ms, and sent`);
  console.log(`  ${sdp} characters of descriptions for it`);
  for (const end of ends) end.close();
}
