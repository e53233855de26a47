import quickconnect from 'rtc-quickconnect';

const qc = quickconnect(location.origin, { room: 'quickconnect-intro' });
console.log('I am', qc.id);

// Somebody joined the room. Nothing connects the two of you yet.
qc.on('peer:announce', (data) => {
  console.log('peer:announce', data.id);
});

// You are connected: from here on, bytes flow without the server.
qc.on('call:started', (id, pc) => {
  console.log('call:started', id, pc.connectionState);
});

qc.on('call:ended', (id) => {
  console.log('call:ended', id);
});
