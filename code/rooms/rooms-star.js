import quickconnect from 'rtc-quickconnect';

const room = `rooms-star-${Math.random()}`;
/** The hub's channels, one to each of the others. */
const spokes = new Set();

for (const id of ['hub', 'ada', 'ben', 'cem', 'dia']) {
  const isHub = id === 'hub';
  const qc = quickconnect(location.origin, { room, id });
  // The hub takes everybody, and everybody takes only the hub.
  qc.on('peer:filter', (other, data) => {
    data.allow = isHub || other === 'hub';
  });
  qc.createDataChannel('star');
  qc.on('channel:opened:star', (other, channel) => {
    console.log(`${id} has a channel to ${other}`);
    if (isHub) spokes.add(channel);
    channel.onmessage = ({ data }) => {
      if (isHub) spokes.forEach((to) => to !== channel && to.send(data));
      else console.log(`${id} hears: ${data}`);
      if (id === 'ada' && data === 'all are here') channel.send('ada says hi');
    };
    if (spokes.size < 4 || !isHub) return;
    spokes.forEach((to) => to.send('all are here'));
  });
  qc.on('call:ended', (other) => console.log(`${id} has lost ${other}`));
}
