// What has been done to descriptions on their way, over the years.
const changes = [
  // Nobody needs to read passwords in our log.
  (sdp) => sdp.replace(/(a=ice-pwd:).*/g, '$1hiddenhiddenhiddenhidden'),
  // Left over from an old draft.
  (sdp) => sdp.replace(/a=msid-semantic.*\r\n/, ''),
  // Our old media server wanted it like this.
  (sdp) => sdp.replace('a=setup:active', 'a=setup:passive'),
  // We trickle anyway.
  (sdp) => sdp.replace(/a=ice-options.*\r\n/g, ''),
];
function carry({ type, sdp }) {
  return { type, sdp: changes.reduce((text, change) => change(text), sdp) };
}

const [alice, bob] = [new RTCPeerConnection(), new RTCPeerConnection()];
alice.onicecandidate = ({ candidate }) => bob.addIceCandidate(candidate);
bob.onicecandidate = ({ candidate }) => alice.addIceCandidate(candidate);
for (const [name, pc] of Object.entries({ alice, bob })) {
  pc.oniceconnectionstatechange = () =>
    console.log(`${name}, ICE: ${pc.iceConnectionState}`);
  pc.onconnectionstatechange = () =>
    console.log(`${name}: ${pc.connectionState}`);
}

bob.ondatachannel = ({ channel }) => {
  if (channel.label !== 'questions') return;
  channel.onmessage = ({ data }) => channel.send(`${data} At noon.`);
};
const channel = alice.createDataChannel('Questions');
channel.onopen = () => channel.send('When?');
channel.onmessage = ({ data }) => console.log('alice reads:', data);

await alice.setLocalDescription();
await bob.setRemoteDescription(carry(alice.localDescription));
await bob.setLocalDescription();
await alice.setRemoteDescription(carry(bob.localDescription));
