import quickconnect from 'rtc-quickconnect';

// Two peers in one program, in a room that nobody else will name.
const room = `two-peers-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });

alice.on('peer:connected', (id) => console.log('peer:connected', id));
alice.on('peer:announce', ({ id }) => console.log('peer:announce', id));
alice.on('peer:connect', (id, pc) => {
  console.log('peer:connect', id, pc.connectionState);
});
alice.on('peer:couple', (id, pc, data, monitor) => {
  console.log('peer:couple', id);
  monitor.on('connected', () => console.log('the monitor says: connected'));
});

// The name of an event may have dots instead.
alice.once('call.started', (id, pc) => {
  console.log('call:started', id, pc.connectionState);
  console.log('peers:', [...alice.peers.keys()]);
  console.log('active:', alice.calls.get(id)?.active);
});

bob.waitForCall('alice', (error, pc) => {
  console.log('bob has a call as well:', pc.connectionState);
});

const never = () => console.log('nobody sees this');
bob.on('peer:announce', never);
bob.off('peer:announce', never);
