const lab = await openLab({ a: 'symmetric', b: { filtering: 'address-dependent' }, carrier: 'full-cone' });
const { a, b, opened, negotiate } = pair();
await negotiate();
await lab.join(a, b);
await opened;
const { nats, a: hostA, b: hostB } = await lab.read();
console.log(
  'read',
  JSON.stringify({
    nats: nats.map(({ name }) => name).sort(),
    mapping: nats.find(({ name }) => name === 'a').behaviour.mapping,
    hasTable: nats.every(({ table }) => table.length > 0),
    isLocked: hostA.locked && hostB.locked,
  }),
);
const { packets, dropped } = await lab.packets();
const behind = await lab.packets({ after: packets[4].number });
console.log(
  'packets',
  JSON.stringify({
    dropped,
    behind: behind.packets[0].number - packets[4].number,
    isDelivered: packets.some(({ fate }) => fate === 'delivered'),
    hops: [...new Set(packets.flatMap(({ hops }) => hops.map(({ nat }) => String(nat))))].sort(),
  }),
);

// Candidates of the lab, as a browser finds them behind its NATs, from the lab's own STUN server.
const asker = new RTCPeerConnection({ iceServers: [{ urls: lab.stun.b }] });
asker.createDataChannel('asks');
const found = new Promise((resolve) => {
  asker.onicecandidate = ({ candidate }) => {
    if (candidate?.type === 'srflx') resolve(candidate.address);
  };
});
await asker.setLocalDescription();
const outside = (await lab.read()).nats.find(({ name }) => name === 'carrier').outside;
console.log('reflexive', JSON.stringify((await found) === outside));
await lab.close();
console.log('closed', JSON.stringify(await lab.read().catch(({ message }) => message)));
