const lent = await fetch('/ice', { method: 'POST' });
const { iceServers } = await lent.json();
if (iceServers.length === 0) console.log('none at this address');

for (const server of iceServers) {
  const [expires, who] = server.username.split(':');
  const left = Math.round(expires - Date.now() / 1_000);
  console.log(`the user is ${who}, for ${left} s`);

  await gather('as given', server);
  await gather('wrong password', { ...server, credential: 'secret' });
  await gather('expired', { ...server, username: `1000000000:${who}` });
}

async function gather(title, server) {
  const pc = new RTCPeerConnection({
    iceServers: [server],
    iceTransportPolicy: 'relay',
  });
  pc.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) console.log(`${title}: a ${candidate.type}`);
  };
  pc.onicecandidateerror = ({ errorCode, errorText }) => {
    console.log(`${title}: error ${errorCode} ${errorText}`);
  };
  pc.createDataChannel('chat');
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== 'complete') {
    await new Promise((changed) => (pc.onicegatheringstatechange = changed));
  }
  console.log(`${title}: gathering is complete, ${pc.connectionState}`);
  pc.close();
}
