const offerer = new RTCPeerConnection();
const other = new RTCPeerConnection();
const channel = offerer.createDataChannel('chat');
const offer = await offerer.createOffer();
await other.setRemoteDescription(offer);
const answer = await other.createAnswer();
const candidate = 'candidate:1 1 udp 1 192.0.2.1 9 typ host';

await fails('candidate too early', () =>
  offerer.addIceCandidate({ candidate, sdpMid: '0' }),
);
await fails('candidate without its place', () =>
  other.addIceCandidate({ candidate }),
);
await fails('description without a type', () =>
  other.setRemoteDescription({ sdp: offer.sdp }),
);
await fails('answer nobody waits for', () =>
  offerer.setRemoteDescription(answer),
);
await fails('answer to no offer', () => offerer.createAnswer());
await fails('message before open', () => channel.send('hello'));
await fails(
  'server without a scheme',
  () => new RTCPeerConnection({ iceServers: [{ urls: 'stun.example.org' }] }),
);
offerer.close();
await fails('connection that is closed', () => offerer.createOffer());

async function fails(what, provoke) {
  try {
    await provoke();
    console.log(`${what}: no error`);
  } catch ({ name, message }) {
    console.log(`${what}: ${name}: ${message}`);
  }
}
