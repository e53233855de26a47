const lent = await fetch('/ice', { method: 'POST' });
const { iceServers } = await lent.json();
if (iceServers.length === 0) console.log('none at this address');
else for (const policy of ['all', 'relay']) await measure(policy);

async function measure(iceTransportPolicy) {
  const a = new RTCPeerConnection({ iceServers, iceTransportPolicy });
  const b = new RTCPeerConnection({ iceServers, iceTransportPolicy });
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  b.ondatachannel = ({ channel }) => {
    channel.onmessage = ({ data }) => channel.send(data);
  };
  const channel = a.createDataChannel('echo');
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await new Promise((opened) => (channel.onopen = opened));

  const times = [];
  for (let i = 0; i < 200; i += 1) {
    const sent = performance.now();
    channel.send(new Uint8Array(1_000));
    await new Promise((echoed) => (channel.onmessage = echoed));
    times.push(performance.now() - sent);
  }
  times.sort((x, y) => x - y);
  console.log(`${iceTransportPolicy}: echo after ${times[100].toFixed(1)} ms`);
  a.close();
  b.close();
}
