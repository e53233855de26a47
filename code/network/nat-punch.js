const part = (kind, end) =>
  ({ any: 'anybody', address: end.split(':')[0], port: end })[kind];

function nat(name, address, mapping, filtering) {
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
  // Both ask a STUN server first, and tell each other what it saw.
  return { name, leave, enter, seen: leave('198.51.100.1:3478') };
}

const a = nat('A', '192.0.2.1', 'any', 'port');
const b = nat('B', '192.0.2.2', 'any', 'port');

function send(from, to, end) {
  const source = from.leave(end);
  const fate = to.enter(source, end) ? 'reaches' : 'dropped by the NAT of';
  console.log(`${from.name} ${source} to ${end}: ${fate} ${to.name}`);
}

console.log(`A is ${a.seen}, B is ${b.seen}`);
send(a, b, b.seen);
send(b, a, a.seen);
send(a, b, b.seen);
