import quickconnect from 'rtc-quickconnect';

// Stands in for a request to your own server, which knows who is logged in.
async function getToken() {
  console.log('asked for a token');
  return 'head.claims.signature';
}

const room = `tokens-${Math.random()}`;
const alice = quickconnect(location.origin, {
  room,
  id: 'alice',
  token: getToken,
});
quickconnect(location.origin, { room, id: 'bob', token: await getToken() });

alice.on('call:started', (id) => console.log('call:started', id));
