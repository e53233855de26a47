// You are Mallory. What do you make of each message?
const forge = (text) => text.replace('noon', 'midnight');

const alice = new RTCPeerConnection();
const bob = new RTCPeerConnection();
// Both of these are yours: Alice takes the one for Bob, Bob the other for her.
const asBob = new RTCPeerConnection();
const asAlice = new RTCPeerConnection();

// Signaling is yours as well: Alice's offer never gets to Bob.
async function connect(from, to) {
  from.onicecandidate = ({ candidate }) => to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => from.addIceCandidate(candidate);
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription);
}

const onward = asAlice.createDataChannel('chat');
asBob.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => {
    console.log('Mallory reads:', data);
    onward.send(forge(data));
  };
};

bob.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => {
    console.log('Bob reads:', data);
    const dtls = [alice.sctp.transport.state, bob.sctp.transport.state];
    console.log('Alice:', alice.connectionState, '— DTLS', dtls[0]);
    console.log('Bob:', bob.connectionState, '— DTLS', dtls[1]);
  };
};
const chat = alice.createDataChannel('chat');
chat.onopen = () => chat.send('Let us meet at noon');
onward.onopen = () => connect(alice, asBob);
await connect(asAlice, bob);
