import quickconnect from 'rtc-quickconnect';

const room = `filters-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  sdpfilter(sdp) {
    console.log('a description of ours:', sdp.split('\r\n').length, 'lines');
    return sdp;
  },
  filterCandidate({ candidate = '' }) {
    const isGood = !candidate.includes(' tcp ');
    console.log(isGood ? 'takes' : 'drops', candidate);
    return isGood;
  },
});
const bob = quickconnect(location.origin, { room, id: 'bob' });

alice.on('peer:filter', (id, data) => {
  data.allow = id !== 'mallory';
  console.log('peer:filter', id, data.allow ? 'may come in' : 'is refused');
});

alice.on('call:started', (id) => {
  console.log('call:started', id);
  quickconnect(location.origin, { room, id: 'mallory' });
});
