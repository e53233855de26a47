// Pairs that are nominated and have succeeded, after an ICE restart.
export default async function ({ connected, until, hand, negotiate, pause }) {
  const { a, b } = await connected();
  const stats = async () => [...(await a.getStats()).values()];
  const used = async () => (await stats()).find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  const marked = async () =>
    (await stats()).filter(({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded').length;
  const before = await used();
  a.restartIce();
  hand(a, b);
  await negotiate(a, b);
  if (!(await until(async () => (await used()) !== before, 8_000))) return 'the pair stays the same';
  const soon = await marked();
  await pause(2_000);
  return `${soon}, then ${await marked()}`;
}
