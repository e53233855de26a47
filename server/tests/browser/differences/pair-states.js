// States of candidate pairs once it is connected.
export default async function ({ peer, hand, negotiate, until }) {
  const [a, b] = [peer(), peer()];
  const channel = a.createDataChannel('probe');
  hand(a, b);
  hand(b, a);
  await negotiate(a, b);
  await until(() => channel.readyState === 'open', 8_000);
  const pairs = [...(await a.getStats()).values()].filter(({ type }) => type === 'candidate-pair');
  return Array.from(new Set(pairs.map(({ state }) => state))).sort().join(', ');
}
