import quickconnect from 'rtc-quickconnect';

const room = `ending-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });
for (const qc of [alice, bob]) {
  qc.on('call:started', (id) => console.log(qc.id, 'call:started', id));
  qc.on('call:ended', (id) => console.log(qc.id, 'call:ended', id));
}
/** On both sides. @param {'call:started' | 'call:ended'} event */
const both = (event) =>
  Promise.all(
    [alice, bob].map(
      (qc) => new Promise((done) => qc.once(event, () => done(qc))),
    ),
  );

await both('call:started');
// Both stay in the room. With `endCalls` it would be every call.
let ended = both('call:ended');
alice.endCall('bob');
await ended;

alice.reconnectTo('bob');
await both('call:started');

// Alice leaves the room, and nothing of her is left. `leave` does the same.
ended = both('call:ended');
alice.close();
await ended;
console.log('bob is alone:', bob.calls.size, 'calls');
