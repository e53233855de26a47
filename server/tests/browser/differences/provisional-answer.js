// An answer for now.
export default async function ({ peer, outcome }) {
  const [a, b] = [peer(), peer()];
  a.createDataChannel('probe');
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  const { sdp } = await b.createAnswer();
  const taken = await outcome(a.setRemoteDescription({ type: 'pranswer', sdp }));
  return taken === 'taken' ? a.signalingState : taken;
}
