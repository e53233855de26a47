// Whether one of sixty connections, one after another, waits more than two seconds for the other side's made-up name. Of those in Firefox, every eighth does.
const LONG = 2_000;

export default async function ({ peer, hand, negotiate, until }) {
  for (let count = 1; count <= 60; count += 1) {
    const [a, b] = [peer(), peer()];
    const channel = a.createDataChannel('probe');
    hand(a, b);
    const began = performance.now();
    await negotiate(a, b);
    await until(() => channel.readyState === 'open', 10_000);
    const took = performance.now() - began;
    a.close();
    b.close();
    if (took > LONG) return `one waits ${(took / 1_000).toFixed(1)} s`;
  }
  return 'none waits';
}
