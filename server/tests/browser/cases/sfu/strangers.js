// A key of one room, and what a program can't ask for.
const { key } = await (await fetch(`/sfu/${room}/key`, { method: 'POST' })).json();
const statuses = [];
for (const [path, shown] of [
  [room, key],
  ['other', key],
  [room, `${key.slice(0, -4)}AAAA`],
]) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver(testCard(), { direction: 'sendonly' });
  await pc.setLocalDescription();
  const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${shown}` };
  const response = await fetch(`/whip/${path}`, { method: 'POST', headers, body: pc.localDescription.sdp });
  statuses.push(response.status);
}
const outside = await fetch('/whip/../metrics').then(
  ({ status }) => status,
  () => 'refused',
);
console.log('statuses', JSON.stringify([...statuses, outside === 200]));
