// Everything that the server gets to see.
const seen = [];
const carry = (message) => {
  seen.push(JSON.stringify(message));
  return message;
};

const alice = new RTCPeerConnection();
const bob = new RTCPeerConnection();
alice.onicecandidate = ({ candidate }) => bob.addIceCandidate(carry(candidate));
bob.onicecandidate = ({ candidate }) => alice.addIceCandidate(carry(candidate));

bob.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => {
    console.log('Bob reads:', data);
    report();
  };
};
const chat = alice.createDataChannel('our plans');
chat.onopen = () => chat.send('The key is under the mat');

await alice.setLocalDescription();
await bob.setRemoteDescription(carry(alice.localDescription));
await bob.setLocalDescription();
await alice.setRemoteDescription(carry(bob.localDescription));

function report() {
  const text = seen.join('\n');
  const all = (pattern) => [...new Set(text.match(pattern))];
  console.log('messages:', seen.length, 'characters:', text.length);
  console.log('who could answer:', all(/ice-ufrag:[^\\]+/g));
  console.log('certificates:', all(/fingerprint:[^\\]+/g).length);
  console.log('addresses:', all(/[^ ]+ \d+ typ \w+/g));
  console.log('the message:', text.includes('under the mat'));
  console.log('the label of the channel:', text.includes('our plans'));
}
