function createPeer(name, isPolite, send) {
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
    if (isGlare) console.log(name, isPolite ? 'gives way' : 'insists');
    isIgnoring = isGlare && !isPolite;
    if (isIgnoring) return;
    isTakingAnswer = description.type === 'answer';
    await pc.setRemoteDescription(description);
    isTakingAnswer = false;
    if (description.type === 'answer') return;
    await pc.setLocalDescription();
    send({ description: pc.localDescription });
  };
  return { pc, receive };
}

const arrive = (at, data) => setTimeout(() => at.receive(data), 50);
const a = createPeer('A', true, (data) => arrive(b, data));
const b = createPeer('B', false, (data) => arrive(a, data));
for (const { pc } of [a, b])
  pc.createDataChannel('news').onopen = () => console.log('a channel is open');
