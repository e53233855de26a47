import quickconnect from 'rtc-quickconnect';

// Keeps every socket, only to cut one below.
/** @type {WebSocket[]} */
const sockets = [];
globalThis.WebSocket = class extends WebSocket {
  /** @param {string | URL} url */
  constructor(url) {
    super(url);
    sockets.push(this);
  }
};

const room = `signaling-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  endpoints: ['/', '/primus'],
  timeout: 1000,
  reconnect: true,
});
const bob = quickconnect(location.origin, { room, id: 'bob' });

alice.on('connected', () =>
  console.log('connected:', alice.calls.size, 'calls'),
);
alice.on('disconnected', () => {
  console.log('disconnected:', alice.calls.size, 'calls');
});
alice.on('error', ({ message }) => console.log('error:', message));

alice.once('call:started', (id) => {
  console.log('call:started', id);
  bob.waitForCall('alice', () => sockets[0].close());
});
