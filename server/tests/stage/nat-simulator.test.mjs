// The NAT simulator of the chapter on NATs: its rows are those of the lab (server/network/src/nat.rs), and the pairs that it connects are those that the
// chapter counts.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { address, any, Nat, port } from '../../../code/network/nat-simulator.js';

const S = '198.51.100.1:3478';

test('the port is that of the inside while it is free, then the next from 20000', () => {
  const nat = new Nat('203.0.113.2', { mapping: port, filtering: port });
  const seen = [S, '10.0.0.2:5000', S, '203.0.113.1:5000'].map((to) => nat.leave('10.0.1.2:5000', to));
  assert.deepEqual(
    seen.map((end) => end.split(':')[1]),
    ['5000', '20000', '5000', '20001'],
  );
  assert.deepEqual(
    nat.table.map(({ toward }) => toward),
    [S, '10.0.0.2:5000', '203.0.113.1:5000'],
  );
});

test('a packet is let in by what the filtering remembers of whom the row has sent to', () => {
  const others = ['198.51.100.1:3478', '198.51.100.1:9', '192.0.2.9:9'];
  const let_in = (filtering) => {
    const nat = new Nat('203.0.113.1', { mapping: any, filtering });
    const outside = nat.leave('10.0.0.2:5000', S);
    return others.map((from) => nat.enter(from, outside) ?? 'nobody');
  };
  const [in_, out] = ['10.0.0.2:5000', 'nobody'];
  assert.deepEqual(let_in(any), [in_, in_, in_]);
  assert.deepEqual(let_in(address), [in_, in_, out]);
  assert.deepEqual(let_in(port), [in_, out, out]);
  assert.equal(new Nat('203.0.113.1', { mapping: any, filtering: any }).enter(S, '203.0.113.1:5000'), undefined);
});

/** As `nat-matrix.js` has it: both sides send checks in turn, and a check works if its answer comes from where it was sent to. */
function connects(kinds) {
  const sides = kinds.map((kind, index) => {
    const nat = new Nat(`203.0.113.${index + 1}`, kind);
    const own = `10.0.${index}.2:5000`;
    return { nat, own, seen: nat.leave(own, S), tries: new Set(), works: false };
  });
  for (let round = 0; round < 6; round += 1) {
    const [from, to] = round % 2 === 0 ? sides : sides.toReversed();
    for (const end of from.tries.add(to.seen)) {
      const source = from.nat.leave(from.own, end);
      if (!to.nat.enter(source, end)) continue;
      to.tries.add(source);
      from.works ||= to.nat.leave(to.own, source) === end && from.nat.enter(end, source) === from.own;
    }
  }
  return sides.every(({ works }) => works);
}

test('it connects the pairs of the chapter’s matrix', async () => {
  const expected = await readFile(new URL('../../../code/network/nat-matrix.expected', import.meta.url), 'utf8');
  const rows = expected.split('\n').filter((line) => line.includes('/'));
  const kinds = { any, address, port };
  const named = (name) => {
    const [mapping, filtering] = name.split('/');
    return { mapping: kinds[mapping], filtering: kinds[filtering] };
  };
  const names = rows.map((row) => row.split(' ')[0]);
  assert.equal(names.length, 9);
  for (const [index, name] of names.entries()) {
    const signs = names.map((other) => (connects([named(name), named(other)]) ? '+' : '-')).join(' ');
    assert.ok(rows[index].endsWith(` ${signs}`), `${name}: ${signs}, not ${rows[index]}`);
  }
});
