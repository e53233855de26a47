import quickconnect from 'rtc-quickconnect';

// No STUN server listens here. Within one network none is needed.
const servers = [{ urls: `stun:${location.hostname}:3478` }];

const room = `ice-servers-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  iceServers: servers,
});
const bob = quickconnect(location.origin, {
  room,
  id: 'bob',
  // Asked at each call: here a program would fetch its credentials.
  ice({ targetPeer }, callback) {
    console.log('ICE servers are wanted for', targetPeer);
    callback(null, servers);
  },
});

for (const qc of [alice, bob]) {
  qc.on('peer:connect', (id, pc) => {
    const [{ urls }] = pc.getConfiguration().iceServers ?? [];
    console.log(qc.id, 'will ask', urls);
  });
}
bob.on('call:started', (id) => console.log('call:started', id));
