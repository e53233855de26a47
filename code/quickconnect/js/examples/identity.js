import quickconnect from 'rtc-quickconnect';

const room = `identity-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const somebody = quickconnect(location.origin, { room });
console.log('an id of our own:', alice.id);
console.log('an id that was made:', somebody.id);

// Of two peers the lower id makes the first offer.
console.log('alice is the master:', alice.isMaster(somebody.id));
console.log('somebody is the master:', somebody.isMaster('alice'));

alice.on('call:started', (id, pc) => {
  console.log('alice made the', pc.localDescription?.type);
});
somebody.on('call:started', (id, pc) => {
  console.log('somebody made the', pc.localDescription?.type);
});
