import quickconnect from 'rtc-quickconnect';

const room = `messages-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });

// A message goes through the signaling server: no call is needed.
bob.on('message:hello', (words, peer) => {
  console.log('bob received:', words, 'from', peer);
  bob.to('alice').send('/thanks', 1, true, 'all sorts of values');
});

alice.on('message:thanks', (number, truth, text, peer) => {
  console.log('alice received:', number, truth, text, 'from', peer.id);
});

alice.on('peer:announce', () => {
  alice.send('/hello', { to: 'everybody in the room' });
});
