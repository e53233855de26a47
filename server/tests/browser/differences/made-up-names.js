// How long it takes to connect when both sides have to look up a name of the other.
export default async function ({ peer, hand, negotiate, until }) {
  const [a, b] = [peer(), peer()];
  const channel = a.createDataChannel('probe');
  hand(a, b);
  hand(b, a);
  const began = performance.now();
  await negotiate(a, b);
  await until(() => channel.readyState === 'open', 10_000);
  return `open after ${((performance.now() - began) / 1_000).toFixed(2)} s`;
}
