// Publishes, and watches two others.
const publisher = new RTCPeerConnection();
publisher.addTransceiver(testCard({ width: 320, height: 180, fps: 15 }), { direction: 'sendonly' });
const own = await exchange(publisher, `/whip/${room}`);
const id = own.split('/').at(-2);
console.log('publishes', JSON.stringify(id));
const watched = new Map();
await until('two others', async () => {
  for (const other of (await look()).publishers) {
    if (other.id === id || watched.has(other.id)) continue;
    const pc = watcher();
    watched.set(other.id, pc);
    await exchange(pc, `/whep/${room}/${other.id}`);
  }
  return watched.size >= 2;
});
for (const pc of watched.values()) {
  await until('pictures', async () => (await inbound(pc)).framesDecoded >= 10);
}
let sent = 0;
for (const report of (await publisher.getStats()).values()) if (report.type === 'outbound-rtp') sent += 1;
console.log('room', JSON.stringify([watched.size, sent]));
