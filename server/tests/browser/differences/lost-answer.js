// What the answerer says whose answer never arrives.
export default async function ({ peer, hand, until }) {
  const [caller, answerer] = [peer(), peer()];
  hand(caller, answerer);
  caller.createDataChannel('probe');
  await caller.setLocalDescription();
  await answerer.setRemoteDescription(caller.localDescription);
  await answerer.setLocalDescription();
  await until(() => answerer.connectionState === 'failed' && answerer.iceConnectionState === 'failed', 7_000);
  return `ICE ${answerer.iceConnectionState}, ${answerer.connectionState}`;
}
