import quickconnect from 'rtc-quickconnect';

// Neither side takes any address of the other: there is nothing to try.
const room = `failing-${Math.random()}`;
const options = { room, failTimeout: 2000, filterCandidate: () => false };
const alice = quickconnect(location.origin, { ...options, id: 'alice' });
const bob = quickconnect(location.origin, { ...options, id: 'bob' });

alice.on('peer:couple', (id) => console.log('trying to call', id));
alice.on('call:failed', (id, pc) => {
  console.log('call:failed', id, 'ICE was', pc.iceConnectionState);
});
alice.on('call:ended', (id) => {
  console.log('call:ended', id);
  // Otherwise it is tried again, more and more seldom.
  alice.close();
  bob.close();
});
