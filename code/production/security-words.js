const isMalloryThere = false;

async function connect(from, to) {
  const channel = from.createDataChannel('chat');
  from.onicecandidate = ({ candidate }) => to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => from.addIceCandidate(candidate);
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription);
  await new Promise((opened) => (channel.onopen = opened));
}

const numbers = ({ sdp }) =>
  /a=fingerprint:\S+ (\S+)/
    .exec(sdp)[1]
    .match(/\w\w:\w\w/g)
    .map((two) => Number(`0x${two.replace(':', '')}`));

// 16 bits as five letters: consonants stand for 4 bits, vowels for 2.
const [C, V] = ['bdfghjklmnprstvz', 'aiou'];
const syllable = (n) => C[n >> 4] + V[(n >> 2) % 4];
const word = (n) => syllable(n >> 8) + syllable((n >> 2) % 256) + C[n % 16];

function words(pc) {
  const theirs = numbers(pc.remoteDescription);
  // "Exclusive or" gives the same, whichever of the two is one's own.
  const both = numbers(pc.localDescription).map((n, i) => n ^ theirs[i]);
  return both.slice(0, 4).map(word).join(' ');
}

const alice = new RTCPeerConnection();
const bob = new RTCPeerConnection();
if (isMalloryThere) {
  await connect(alice, new RTCPeerConnection());
  await connect(new RTCPeerConnection(), bob);
} else await connect(alice, bob);
console.log('Alice says:', words(alice));
console.log('Bob says:  ', words(bob));
console.log('the same:', words(alice) === words(bob));
