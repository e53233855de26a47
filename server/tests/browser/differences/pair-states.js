// States of candidate pairs that the standard does not have. Whether one comes is up to chance, so there are ten rounds.
const STANDARD = ['frozen', 'waiting', 'in-progress', 'failed', 'succeeded'];

export default async function ({ peer, hand, negotiate, until }) {
  for (let round = 0; round < 10; round += 1) {
    const [a, b] = [peer(), peer()];
    const channel = a.createDataChannel('probe');
    hand(a, b);
    hand(b, a);
    await negotiate(a, b);
    await until(() => channel.readyState === 'open', 8_000);
    const pairs = [...(await a.getStats()).values()].filter(({ type }) => type === 'candidate-pair');
    const other = pairs.find(({ state }) => !STANDARD.includes(state));
    if (other) return other.state;
  }
  return 'none';
}
