const room = new Map();

for (const name of ['Bob', 'Carol', 'Dan']) await visit(name);

async function visit(name) {
  const host = new RTCPeerConnection();
  const guest = new RTCPeerConnection();
  guest.onicecandidate = ({ candidate }) => host.addIceCandidate(candidate);

  room.set(name, host);
  host.ondatachannel = ({ channel }) => {
    channel.onmessage = () => channel.send(`welcome, ${name}`);
    channel.onclose = () => {
      room.delete(name);
      console.log(name, 'has left; in the room:', room.size);
    };
  };

  const channel = guest.createDataChannel('door');
  channel.onopen = () => channel.send('knock');
  channel.onmessage = () => guest.close();

  await guest.setLocalDescription();
  await host.setRemoteDescription(guest.localDescription);
  await host.setLocalDescription();
  await guest.setRemoteDescription(host.localDescription);
}
