// Ids of two channels that the DTLS client makes.
export default async function ({ peer, hand, until }) {
  const [a, b] = [peer(), peer()];
  const channels = [a.createDataChannel('first'), a.createDataChannel('second')];
  hand(a, b);
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  const { sdp } = await b.createAnswer();
  const answer = { type: 'answer', sdp: sdp.replace('a=setup:active', 'a=setup:passive') };
  await b.setLocalDescription(answer);
  await a.setRemoteDescription(answer);
  await until(() => channels.every(({ readyState }) => readyState === 'open'), 8_000);
  return channels.map(({ id }) => id).join(' and ');
}
