const alice = new RTCPeerConnection();
const channel = alice.createDataChannel('chat');
channel.onopen = () => channel.send('hello from Alice');
channel.onmessage = ({ data }) => console.log('Alice reads:', data);
await alice.setLocalDescription();

for (const name of ['Bob', 'Carol']) {
  const guest = new RTCPeerConnection();
  guest.ondatachannel = ({ channel }) => {
    channel.onmessage = () => channel.send(`hello from ${name}`);
  };
  guest.onicecandidate = ({ candidate }) => alice.addIceCandidate(candidate);
  await guest.setRemoteDescription(alice.localDescription);
  await guest.setLocalDescription();
  await alice.setRemoteDescription(guest.localDescription);
}
