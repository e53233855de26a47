import quickconnect from 'rtc-quickconnect';

const room = `debug-${Math.random()}`;
quickconnect(location.origin, { room, id: 'bob' });

// `in` and `out` are frames of the signaling server, the rest are events.
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  debug: true,
});

// Enough was seen.
alice.on('call:started', () => alice.close());
