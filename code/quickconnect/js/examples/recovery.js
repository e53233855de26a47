import quickconnect from 'rtc-quickconnect';

const room = `recovery-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  disconnectTimeout: 5000,
});
const bob = quickconnect(location.origin, { room, id: 'bob' });

// Stands in for a lost network, which a browser notices after some seconds.
/** @param {RTCPeerConnection} pc @param {RTCPeerConnectionState} value */
function pretend(pc, value) {
  Object.defineProperty(pc, 'connectionState', { value, configurable: true });
  pc.dispatchEvent(new Event('connectionstatechange'));
}

alice.on('call:started', (id, pc) => {
  console.log('call:started', id);
  pc.addEventListener('signalingstatechange', () => {
    console.log('ICE restarts:', pc.signalingState);
  });
  pretend(pc, 'disconnected');
});
alice.on('call:failing', (id, pc) => {
  console.log('call:failing', id);
  // Without this line: call:failed, after the disconnectTimeout.
  setTimeout(() => pretend(pc, 'connected'), 1000);
});
alice.on('call:recovered', (id) => console.log('call:recovered', id));
alice.on('call:failed', (id) => console.log('call:failed', id));
