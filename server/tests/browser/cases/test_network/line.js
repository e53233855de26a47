const line = await openLine({ delay: 100, b_to_a: { delay: 50 }, capture: true });
const { a, b, opened, negotiate, roundTrip } = pair();
await negotiate();
await line.join(a, b);
await opened;
const told = [line.forA, line.forB].map(([candidate]) => portOf(candidate));
console.log('connected', JSON.stringify({ told, known: [await remotePorts(a), await remotePorts(b)].map(String) }));
console.log('delayed', JSON.stringify(await roundTrip()));

await line.set({ delay: 300 }, 'a-to-b');
const { a_to_b, b_to_a } = await line.read();
console.log('changed', JSON.stringify([a_to_b.conditions.delay, b_to_a.conditions.delay, await roundTrip()]));

await line.set({ delay: 0, cut: true });
const { isCut, isHeld } = await Promise.race([
  roundTrip().then(() => ({ isHeld: false })),
  (async () => {
    // What was sent has come to the line, and went no further.
    for (;;) {
      const { a_to_b: way } = await line.read();
      if (way.statistics.cut.packets > 0) return { isCut: way.conditions.cut, isHeld: true };
    }
  })(),
]);
console.log('cut', JSON.stringify({ isCut, isHeld }));
await line.play('mend at 0.2 s');
console.log('mended', JSON.stringify(await roundTrip()));

const { packets, dropped } = await line.packets();
const behind = await line.packets({ after: packets[4].number });
const [stun] = packets.filter(({ protocol }) => protocol === 'stun');
console.log(
  'packets',
  JSON.stringify({
    dropped,
    first: packets[0].number,
    behind: behind.packets[0].number,
    isMany: packets.length > 10,
    protocols: [...new Set(packets.map(({ protocol }) => protocol))].sort(),
    ways: [...new Set(packets.map(({ way }) => way))].sort(),
    fates: ['cut', 'delivered'].filter((fate) => packets.some((packet) => packet.fate === fate)),
    isRead: stun.summary.startsWith('Binding request') && stun.rows.length > 0,
  }),
);

const before = line.forB[0].candidate;
await line.rebind('b');
a.restartIce();
await negotiate();
await line.join(a, b);
await roundTrip();
console.log('rebound', JSON.stringify([line.forB[0].candidate !== before, a.connectionState, b.connectionState]));

await line.close();
await line.close();
console.log('closed', JSON.stringify(await line.read().catch(({ message }) => message)));
