// What the second of two says that have answered the same offer.
export default async function ({ peer, until }) {
  const [caller, first, second] = [peer(), peer(), peer()];
  caller.createDataChannel('probe');
  await caller.setLocalDescription();
  await until(() => caller.iceGatheringState === 'complete', 5_000);
  for (const pc of [first, second]) {
    await pc.setRemoteDescription(caller.localDescription);
    await pc.setLocalDescription();
  }
  await caller.setRemoteDescription(first.localDescription);
  await until(() => second.connectionState === 'failed', 7_000);
  return `ICE ${second.iceConnectionState}, ${second.connectionState}`;
}
