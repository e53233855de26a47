// Pairs that are nominated and have succeeded, some time after an ICE restart.
export default async function ({ connected, until, hand, negotiate, pause }) {
  const { a, b } = await connected();
  const stats = async () => [...(await a.getStats()).values()];
  const used = async () => (await stats()).find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  const before = await used();
  a.restartIce();
  hand(a, b);
  await negotiate(a, b);
  if (!(await until(async () => (await used()) !== before, 8_000))) return 'the pair stays the same';
  await pause(2_000);
  const marked = (await stats()).filter(({ nominated, state }) => nominated && state === 'succeeded');
  return marked.length > 1 ? 'several' : String(marked.length);
}
