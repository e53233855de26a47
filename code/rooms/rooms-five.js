const names = ['Ada', 'Ben', 'Cem', 'Dia', 'Eva'];
const channels = Object.fromEntries(names.map((name) => [name, []]));
const heard = new Set();

function use(name, channel) {
  channels[name].push(channel);
  channel.onmessage = ({ data }) => {
    const line = `${name} hears: ${data}`;
    if (heard.has(line)) return; // It went round in a circle.
    heard.add(line);
    console.log(line);
  };
}

async function connect(one, other) {
  const a = new RTCPeerConnection();
  const b = new RTCPeerConnection();
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  const ends = { [one]: a, [other]: b };
  const open = Object.entries(ends).map(async ([name, pc]) => {
    const channel = pc.createDataChannel('all', { negotiated: true, id: 0 });
    use(name, channel);
    await new Promise((done) => (channel.onopen = done));
  });
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await Promise.all(open);
}
const links = [];
for (const one of names) {
  for (const other of names) if (one < other) links.push(connect(one, other));
}
await Promise.all(links);

for (const name of names) {
  for (const channel of channels[name]) channel.send(`${name} says hello`);
}
