import quickconnect from 'rtc-quickconnect';

const room = `liveness-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  heartbeat: 250,
});
const bob = quickconnect(location.origin, { room, id: 'bob' });

alice.on('call:expired', (id) => console.log('call:expired', id));
alice.on('call:ended', (id) => {
  console.log('call:ended', id);
  alice.close();
});

alice.on('call:started', (id) => {
  console.log('call:started', id);
  setTimeout(() => {
    console.log('from now on nobody is heard');
    RTCDataChannel.prototype.send = () => {};
  }, 1000);
});
