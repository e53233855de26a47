const pc = new RTCPeerConnection();

// An offer needs something to talk about: without this line it has no
// media section, and ICE never starts.
pc.createDataChannel('hello');

pc.onicecandidate = ({ candidate }) => {
  if (candidate?.candidate) console.log(candidate.candidate);
};

pc.onicegatheringstatechange = () => {
  console.log('gathering:', pc.iceGatheringState);
};

const offer = await pc.createOffer();
console.log('offer:', offer);

// Only now does the browser act on the offer, and look for its addresses.
await pc.setLocalDescription(offer);
console.log('signaling state:', pc.signalingState);
