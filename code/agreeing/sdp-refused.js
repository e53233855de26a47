const changes = {
  nothing: (sdp) => sdp,
  'another s=': (sdp) => sdp.replace('s=-', 's=chess'),
  'another ice-pwd': (sdp) => sdp.replace(/(ice-pwd:)..../, '$1abcd'),
  'another setup': (sdp) => sdp.replace('actpass', 'active'),
  'another fingerprint': (sdp) =>
    sdp.replace(/(a=fingerprint:sha-256 ..:..:)..:../, '$100:00'),
  'another mid': (sdp) =>
    sdp.replace('a=mid:0', 'a=mid:chat').replace('BUNDLE 0', 'BUNDLE chat'),
  'no setup': (sdp) => sdp.replace(/a=setup.*\r\n/, ''),
  'no fingerprint': (sdp) => sdp.replace(/a=fingerprint.*\r\n/, ''),
  'short ice-pwd': (sdp) => sdp.replace(/a=ice-pwd:.*/, 'a=ice-pwd:short'),
  'no last line end': (sdp) => sdp.trimEnd(),
  'an unknown line': (sdp) => `${sdp}q=chess\r\n`,
  'an unknown a=': (sdp) => `${sdp}a=chess:e4\r\n`,
};

const outcome = (setting) =>
  setting.then(
    () => 'taken',
    (error) => error.name,
  );

for (const [name, change] of Object.entries(changes)) {
  const mine = new RTCPeerConnection();
  const theirs = new RTCPeerConnection();
  mine.createDataChannel('chat');

  const { sdp } = await mine.createOffer();
  const changed = { type: 'offer', sdp: change(sdp) };
  const local = await outcome(mine.setLocalDescription(changed));
  const remote = await outcome(theirs.setRemoteDescription(changed));
  console.log(`${name}: local ${local}, remote ${remote}`);

  mine.close();
  theirs.close();
}
