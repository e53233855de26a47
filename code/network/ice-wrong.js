const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const candidate = 'candidate:1 1 udp 2122260223 192.0.2.7 5000 typ host';

async function hand(what, init) {
  try {
    await a.addIceCandidate(init);
    console.log(`${what}: taken`);
  } catch (error) {
    console.log(`${what}: ${error.name}`);
  }
}

a.createDataChannel('any');
await a.setLocalDescription();
await hand('too early', { candidate, sdpMid: '0' });

await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await hand('as it should be', { candidate, sdpMid: '0' });
await hand('of no media section', { candidate });
await hand('of a section that is not there', { candidate, sdpMid: '9' });
await hand('no candidate', { candidate: 'hello', sdpMid: '0' });
await hand('of another ICE session', {
  candidate,
  sdpMid: '0',
  usernameFragment: 'none',
});
await hand('to a blocked port', {
  candidate: candidate.replace('5000', '9'),
  sdpMid: '0',
});
await hand('null', null);
await hand('the last one', { candidate: '', sdpMid: '0' });
