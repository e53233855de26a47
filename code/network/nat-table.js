// How much of the other end counts: 'any' is nothing, then 'address', 'port'.
const [mapping, filtering] = ['any', 'port'];
const part = (kind, end) =>
  ({ any: 'anybody', address: end.split(':')[0], port: end })[kind];

const table = [];
function leave(from, to) {
  const toward = part(mapping, to);
  const known = table.find((row) => row.toward === toward);
  const as = `192.0.2.1:${20000 + table.length}`;
  const row = known ?? { from, as, toward, letIn: new Set() };
  if (!known) table.push(row);
  row.letIn.add(part(filtering, to));
  return row.as;
}
function enter(from, to) {
  const row = table.find((row) => row.as === to);
  return row?.letIn.has(part(filtering, from)) ? row.from : 'nobody: dropped';
}

const [a, s, b] = ['10.0.0.2:5000', '198.51.100.1:3478', '203.0.113.7:6000'];
const seen = leave(a, s);
console.log('S tells A that it is', seen);

const words = ({ from, as, toward, letIn }) =>
  `${from} is ${as}\n  to ${toward}, lets in ${[...letIn].join(' ')}`;
const shown = document.createElement('pre');
function button(text, act) {
  const made = document.createElement('button');
  made.textContent = text;
  made.onclick = () => {
    console.log(`${text}: ${act()}`);
    shown.textContent = table.map(words).join('\n');
  };
  document.body.append(made, shown);
  return made;
}
button('B sends to A', () => enter(b, seen)).click();
button('A sends to B', () => `B sees ${leave(a, b)}`).click();
button('B sends from another port', () => enter('203.0.113.7:7000', seen));
