import quickconnect from 'rtc-quickconnect';

const room = `ending-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });
for (const qc of [alice, bob]) {
  qc.on('call:started', (id) => console.log(qc.id, 'call:started', id));
  qc.on('call:ended', (id) => console.log(qc.id, 'call:ended', id));
}
const started = () => new Promise((done) => bob.once('call:started', done));
const ended = () => new Promise((done) => bob.once('call:ended', done));

await started();
// Both stay in the room. With `endCalls` it would be every call.
alice.endCall('bob');
await ended();

alice.reconnectTo('bob');
await started();

// Alice leaves the room, and nothing of her is left. `leave` does the same.
alice.close();
await ended();
console.log('bob is alone:', bob.calls.size, 'calls');
