import quickconnect from 'rtc-quickconnect';

const room = `reactive-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, {
  room,
  id: 'bob',
  reactive: true,
});
// The same as Bob's option.
alice.reactive();

// A sound that nobody hears: it has no speakers to go to.
const sound = new AudioContext().createMediaStreamDestination().stream;

// Both add a stream when the call is up, at the same time.
for (const qc of [alice, bob]) {
  qc.on('call:started', () => {
    console.log(qc.id, 'call:started, and adds a stream');
    qc.addStream(sound);
  });
  qc.on('stream:added', (id, stream) => {
    console.log(qc.id, 'stream:added', stream.getTracks()[0].kind);
  });
}
