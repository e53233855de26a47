import quickconnect from 'rtc-quickconnect';

const room = `past-server-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });

alice.on('call:started', () => {
  alice.to('bob').send('/talk', 'lunch at noon?');
});

bob.on('message:talk', (text) => {
  console.log('bob received:', text);
  bob.to('alice').send('/talk', 'noon is fine');
});

alice.on('message:talk', (text) => console.log('alice received:', text));
