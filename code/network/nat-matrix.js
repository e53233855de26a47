const part = (kind, end) =>
  ({ any: 'anybody', address: end.split(':')[0], port: end })[kind];
function nat(address, kind) {
  const [mapping, filtering] = kind.split('/');
  const table = [];
  const leave = (to) => {
    const toward = part(mapping, to);
    let row = table.find((row) => row.toward === toward);
    const as = `${address}:${20000 + table.length}`;
    if (!row) table.push((row = { as, toward, letIn: new Set() }));
    row.letIn.add(part(filtering, to));
    return row.as;
  };
  const enter = (from, to) =>
    table.find((row) => row.as === to)?.letIn.has(part(filtering, from));
  const seen = leave('198.51.100.1:3478');
  return { leave, enter, seen, tries: new Set(), works: false };
}

// A check works if its answer comes from where it was sent to.
function checkAll(from, to) {
  for (const end of from.tries.add(to.seen)) {
    const source = from.leave(end);
    if (!to.enter(source, end)) continue;
    to.tries.add(source);
    from.works ||= to.leave(source) === end && from.enter(end, source);
  }
}

const kinds = ['any', 'address', 'port'];
const nats = kinds.flatMap((first) => kinds.map((next) => `${first}/${next}`));
for (const one of nats) {
  const row = nats.map((two) => {
    const [a, b] = [nat('192.0.2.1', one), nat('192.0.2.2', two)];
    for (const from of [a, b, a, b, a, b]) checkAll(from, from === a ? b : a);
    return a.works && b.works ? '+' : '-';
  });
  console.log(one.padEnd(15), ...row);
}
