// Whether a candidate at an address of the form 127.x is tried.
export default async function ({ peer, negotiate, until }) {
  const [a, b] = [peer(), peer()];
  a.createDataChannel('probe');
  await negotiate(a, b);
  // Nobody is there.
  await a.addIceCandidate({ candidate: 'candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host', sdpMid: '0' });
  const isTried = async () => {
    const all = [...(await a.getStats()).values()];
    const given = all.filter(({ type, port }) => type === 'remote-candidate' && port === 50_000).map(({ id }) => id);
    return all.some(({ type, remoteCandidateId }) => type === 'candidate-pair' && given.includes(remoteCandidateId));
  };
  return (await until(isTried, 2_000)) ? 'tried' : 'not tried';
}
