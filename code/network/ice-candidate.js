const pc = new RTCPeerConnection();
pc.createDataChannel('any');

pc.onicecandidate = ({ candidate }) => {
  console.log(candidate ? `“${candidate.candidate}”` : 'null');
  if (!candidate?.candidate) return;

  const { type, protocol, address, port, priority } = candidate;
  console.log(`${type}, ${protocol}, ${address} port ${port}`);

  // Three numbers in one: 8, 16 and 8 bits.
  const typePreference = priority >>> 24;
  const localPreference = (priority >>> 8) & 0xffff;
  const component = 256 - (priority & 0xff);
  console.log(
    `priority: type ${typePreference},`,
    `local ${localPreference}, component ${component}`,
  );
};

pc.onicegatheringstatechange = () => {
  console.log('gathering:', pc.iceGatheringState);
};

await pc.setLocalDescription();
