const alice = new RTCPeerConnection();
const bob = new RTCPeerConnection();
alice.onicecandidate = ({ candidate }) => bob.addIceCandidate(candidate);
bob.onicecandidate = ({ candidate }) => alice.addIceCandidate(candidate);

const hers = alice.createDataChannel('chat');
hers.onopen = () => hers.send('hello');
hers.onmessage = ({ data }) => {
  console.log('Alice reads:', data);
  hers.send('thanks');
};

const his = bob.createDataChannel('chat');
his.onopen = () => console.log('open for Bob');
his.onmessage = ({ data }) => {
  console.log('Bob reads:', data);
  if (data === 'hello') his.send('welcome');
};

await alice.setLocalDescription();
await bob.setRemoteDescription(alice.localDescription);
await bob.setLocalDescription();
await alice.setRemoteDescription(bob.localDescription);
