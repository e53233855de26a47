import quickconnect from 'rtc-quickconnect';

// No room is named, so the fragment of the address is the room.
const alice = quickconnect(location.origin, { ns: 'rooms', id: 'alice' });
const bob = quickconnect(location.origin, { ns: 'rooms', id: 'bob' });
console.log('the room of alice:', alice.room);
console.log('the room of bob:  ', bob.room);

// Carol is in another room.
const elsewhere = `rooms-${Math.random()}`;
const carol = quickconnect(location.origin, { room: elsewhere, id: 'carol' });
carol.on('peer:announce', ({ id }) => console.log('carol meets', id));

alice.on('call:started', (id) => {
  console.log('alice meets', id);
  // Bob moves to the other room.
  if (id === 'bob') bob.announce({ room: elsewhere });
});
