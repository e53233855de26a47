// Somebody joins late whose wishes for keyframes are not passed on, and then somebody whose are.
const publisher = new RTCPeerConnection();
publisher.addTransceiver(testCard({ width: 320, height: 180, fps: 15 }), { direction: 'sendonly' });
const own = await exchange(publisher, `/whip/${room}`);
const id = own.split('/').at(-2);
await until('media', async () => (await look()).publishers[0]?.packets > 50);
const blind = watcher();
await exchange(blind, `/whep/${room}/${id}?keyframes=off`);
await until('packets', async () => (await inbound(blind)).packetsReceived > 50);
const before = await inbound(blind);
console.log('blind', JSON.stringify([before.framesDecoded ?? 0, before.pliCount > 0]));
const sighted = watcher();
const begin = performance.now();
await exchange(sighted, `/whep/${room}/${id}`);
await until('a picture', async () => (await inbound(sighted)).framesDecoded > 0);
console.log('first', JSON.stringify(performance.now() - begin));
await until('a picture for the other', async () => (await inbound(blind)).framesDecoded > 0);
console.log('both');
