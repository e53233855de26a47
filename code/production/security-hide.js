const lent = await fetch('/ice', { method: 'POST' });
const { iceServers } = await lent.json();
if (iceServers.length === 0)
  console.log('none for this browser, at this address');

const alice = new RTCPeerConnection({ iceServers });
const bob = new RTCPeerConnection({ iceServers });

// Bob is told no address of Alice's.
alice.onicecandidate = ({ candidate }) => {
  if (candidate?.type === 'relay') bob.addIceCandidate(candidate);
};
bob.onicecandidate = ({ candidate }) => alice.addIceCandidate(candidate);

bob.ondatachannel = ({ channel }) => {
  channel.onmessage = async ({ data }) => {
    console.log('Bob reads:', data);
    const stats = await bob.getStats();
    const transport = [...stats.values()].find((s) => s.type === 'transport');
    const pair = stats.get(transport.selectedCandidatePairId);
    const { candidateType } = stats.get(pair.remoteCandidateId);
    console.log('Bob hears from an address of type', candidateType);
  };
};
const channel = alice.createDataChannel('chat');
channel.onopen = () => channel.send('Guess where I am');

await alice.setLocalDescription();
await bob.setRemoteDescription(alice.localDescription);
await bob.setLocalDescription();
await alice.setRemoteDescription(bob.localDescription);
