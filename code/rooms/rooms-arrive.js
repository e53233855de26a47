import quickconnect from 'rtc-quickconnect';

// A room that nobody else will name.
const room = `rooms-arrive-${Math.random()}`;
let connections = 0;

for (const id of ['ada', 'ben', 'cem', 'dia']) {
  console.log(id, 'comes in');
  const qc = quickconnect(location.origin, { room, id });
  qc.on('peer:announce', (data) => console.log(id, 'is told of', data.id));
  qc.on('call:started', (other, pc) => {
    // Both sides get this event. One of them counts.
    if (pc.localDescription.type !== 'offer') return;
    connections += 1;
    console.log(`connection ${connections}: ${id} has called ${other}`);
  });
  qc.on('error', ({ message }) => console.log(`${id}: ${message}`));
  await new Promise((done) => setTimeout(done, 700));
}
