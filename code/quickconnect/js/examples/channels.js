import quickconnect from 'rtc-quickconnect';

const room = `channels-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  channelTimeout: 2000,
});
const bob = quickconnect(location.origin, { room, id: 'bob' });

// One side declares the channel, and both get it.
alice.createDataChannel('chat', { ordered: true });

alice.on('call:started', (id) => {
  alice.requestChannel(id, 'chat', (error, channel) => {
    console.log('alice has', channel.label);
    channel.send('hello from alice');
  });
});

bob.on('channel:opened', (id, channel) => {
  console.log('bob has', channel.label);
});
bob.on('channel:opened:chat', (id, channel) => {
  channel.onmessage = ({ data }) => {
    console.log('bob received:', data);
    bob.endCalls();
  };
});

alice.on('channel:closed', (id, channel, label) => {
  console.log('alice: channel:closed', label);
});
bob.on('channel:closed:chat', () => console.log('bob: channel:closed:chat'));
