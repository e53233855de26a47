const part = (kind, end) =>
  ({ any: 'anybody', address: end.split(':')[0], port: end })[kind];

function nat(address, [mapping, filtering]) {
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
  return { leave, enter, tries: new Set(), seen: leave('198.51.100.1:3478') };
}

// A check succeeds if the answer comes from where the check was sent to.
function check(from, to, end) {
  const source = from.leave(end);
  if (!to.enter(source, end)) return false;
  to.tries.add(source);
  return to.leave(source) === end && from.enter(end, source);
}
function connects(a, b) {
  a.tries.add(b.seen);
  b.tries.add(a.seen);
  const checkAll = (from, to) =>
    [...from.tries].map((end) => check(from, to, end)).some(Boolean);
  return [1, 2, 3].map(() => checkAll(a, b) & checkAll(b, a)).pop();
}

const kinds = ['any', 'address', 'port'];
const nats = kinds.flatMap((first) => kinds.map((second) => [first, second]));
for (const one of nats) {
  const row = nats.map((two) =>
    connects(nat('192.0.2.1', one), nat('192.0.2.2', two)) ? '+' : '-');
  console.log(one.join('/').padEnd(15), ...row);
}
