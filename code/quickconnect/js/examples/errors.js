import quickconnect from 'rtc-quickconnect';

const room = `errors-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const mallory = quickconnect(location.origin, { room, id: 'mallory' });

alice.on('error', ({ message, cause, peerId }) => {
  console.log('error:', message);
  console.log('because:', cause);
  console.log('who it was:', peerId);
  console.log('the call goes on:', alice.calls.get('mallory')?.active);
});

// Mallory sends an offer that is none.
alice.once('call:started', () => {
  mallory.to('alice').send('/sdp', { type: 'offer', sdp: 'nonsense' });
});
