import { pair, testCard } from 'test-media';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const size = { width: 160, height: 90, fps: 10 };

// What all the ends of all connections have sent together.
async function read(ends) {
  const all = await Promise.all(ends.map((pc) => pc.getStats()));
  const reports = all.flatMap((stats) => [...stats.values()]);
  const sent = reports.filter(({ framesEncoded }) => framesEncoded > 0);
  const sum = (name) => sent.reduce((sum, report) => sum + report[name], 0);
  const [bits, ms] = [8 * sum('bytesSent'), 1000 * sum('totalEncodeTime')];
  return { encoders: sent.length, bits, ms, at: performance.now() };
}

for (const people of [2, 3, 4]) {
  const cards = Array.from({ length: people }, () => testCard(size));
  const ends = [];
  for (let one = 0; one < people; one += 1) {
    for (let other = one + 1; other < people; other += 1) {
      const [a, b] = pair();
      a.addTrack(cards[one]);
      b.addTrack(cards[other]);
      ends.push(a, b);
    }
  }
  while ((await read(ends)).encoders < ends.length) await wait(200);
  const before = await read(ends);
  await wait(2000);
  const now = await read(ends);
  const seconds = (now.at - before.at) / 1000;
  const kbits = (now.bits - before.bits) / 1000 / seconds;
  const busy = (now.ms - before.ms) / seconds;
  console.log(`${people} people: ${now.encoders} encoders`);
  console.log(`  busy for ${busy.toFixed(1)} ms of each second`);
  console.log(`  ${Math.round(kbits / people)} kbit/s from each of them`);
  for (const pc of ends) pc.close();
  for (const card of cards) card.stop();
}
