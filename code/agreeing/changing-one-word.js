// The same program on both sides: `id` is its own, `other` the other's.
function createPeer(id, other, send) {
  const isPolite = id !== other;
  const pc = new RTCPeerConnection();
  let isOffering = false;
  let isIgnoring = false;
  let isTakingAnswer = false;
  pc.onicecandidate = ({ candidate }) => candidate && send({ candidate });
  pc.onnegotiationneeded = async () => {
    isOffering = true;
    await pc.setLocalDescription();
    send({ description: pc.localDescription });
    isOffering = false;
  };

  const receive = async ({ description, candidate }) => {
    if (candidate) {
      const added = pc.addIceCandidate(candidate);
      return isIgnoring ? added.catch(() => {}) : added;
    }
    const isFree = pc.signalingState === 'stable' || isTakingAnswer;
    const isGlare = description.type === 'offer' && (isOffering || !isFree);
    if (isGlare) console.log(id, isPolite ? 'gives way' : 'insists');
    isIgnoring = isGlare && !isPolite;
    if (isIgnoring) return;
    isTakingAnswer = description.type === 'answer';
    await pc.setRemoteDescription(description);
    isTakingAnswer = false;
    if (description.type === 'answer') return;
    await pc.setLocalDescription();
    send({ description: pc.localDescription });
  };
  pc.createDataChannel('news').onopen = () => console.log(id, 'is open');
  return { receive };
}

const [one, two] = Math.random() < 0.5 ? ['ann', 'bob'] : ['bob', 'ann'];
const a = createPeer(one, two, (data) => setTimeout(b.receive, 50, data));
const b = createPeer(two, one, (data) => setTimeout(a.receive, 50, data));
