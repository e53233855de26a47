// What both sides say that get no candidate.
export default async function ({ peer, negotiate, until }) {
  const [a, b] = [peer(), peer()];
  a.createDataChannel('probe');
  const began = performance.now();
  // Descriptions carry what was found before.
  await negotiate(a, b, (sdp) => sdp.replace(/a=candidate:.*\r\n/g, ''));
  const hasFailed = await until(() => a.connectionState === 'failed', 8_000);
  if (!hasFailed) return a.connectionState;
  return `failed after ${((performance.now() - began) / 1_000).toFixed(1)} s`;
}
