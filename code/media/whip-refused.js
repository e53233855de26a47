const room = `refused-${Date.now()}`;
async function offerOf(direction) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver('video', { direction });
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
}
async function post(what, path, body, type = 'application/sdp') {
  const headers = { 'content-type': type };
  const response = await fetch(path, { method: 'POST', headers, body });
  console.log(`${what}: ${response.status}`, await response.text());
}
const [sending, receiving] = [
  await offerOf('sendonly'),
  await offerOf('recvonly'),
];
await post('no offer', `/whip/${room}`, 'hello');
await post('no SDP by its type', `/whip/${room}`, sending, 'text/plain');
await post('nothing to send', `/whip/${room}`, receiving);
await post('nobody of that id', `/whep/${room}/12345678`, receiving);
