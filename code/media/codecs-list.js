const kind = 'video';

const { codecs } = RTCRtpSender.getCapabilities(kind);
const names = codecs.map(({ mimeType }) => mimeType.split('/')[1]);
console.log('it can send:', [...new Set(names)].join(', '));

const pc = new RTCPeerConnection();
pc.addTransceiver(kind);
const { sdp } = await pc.createOffer();
pc.close();

const [, section] = sdp.split(/^m=/m);
const [first] = section.split('\r\n');
console.log(`m=${first}`);

// What the section says of a payload type in a line of some name.
function said(name, type) {
  const line = new RegExp(`^a=${name}:${type} (.*)$`, 'm').exec(section);
  return line ? line[1] : '';
}
const [, , , ...types] = first.split(' ');
for (const type of types) {
  console.log(`${type} ${said('rtpmap', type)} ${said('fmtp', type)}`);
}
