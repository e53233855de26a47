import quickconnect from 'rtc-quickconnect';

const room = `profile-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  // Both changes below are announced at once.
  announceDelay: 50,
});
alice.profile({ name: 'Alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });

// A profile comes from another machine: it may be anything.
bob.on('peer:announce', (data) => console.log('bob meets', data.name));
bob.on('peer:update', (data, id) => {
  console.log(id, 'is', data.mood, 'and looks', data.looks);
});

bob.on('call:started', () => {
  alice.profile({ mood: 'curious' }).profile({ looks: 'around' });
  console.log('alice knows that she is', alice.get('mood'));
});
