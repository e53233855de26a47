import quickconnect from 'rtc-quickconnect';

const room = `joining-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  manualJoin: true,
});
// Without `autoreply`, Alice would not learn of Bob, who came first.
const bob = quickconnect(location.origin, { room, id: 'bob', autoreply: true });

alice.on('connected', () => console.log('alice waits outside'));
alice.on('local:announce', () => console.log('alice announces herself'));
alice.on('peer:announce', ({ id }) => console.log('alice meets', id));
bob.on('peer:announce', ({ id }) => console.log('bob meets', id));

bob.on('local:announce', () => {
  console.log('bob is in the room, alone');
  setTimeout(() => alice.join(), 500);
});
