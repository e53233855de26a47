// Ids of two channels that the DTLS server makes.
export default async function ({ peer, hand, negotiate, until }) {
  const [a, b] = [peer(), peer()];
  const channels = [a.createDataChannel('first'), a.createDataChannel('second')];
  hand(a, b);
  await negotiate(a, b);
  await until(() => channels.every(({ readyState }) => readyState === 'open'), 8_000);
  return channels.map(({ id }) => id).join(' and ');
}
