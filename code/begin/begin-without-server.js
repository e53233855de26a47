import quickconnect from 'rtc-quickconnect';

const room = `without-server-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });
alice.createDataChannel('talk');

bob.on('channel:opened:talk', (id, channel) => {
  channel.onmessage = ({ data }) => console.log('bob received', data);
});
bob.on('message:talk', (data) => console.log('bob received', data));
bob.on('disconnected', () => console.log('the server has gone away'));

alice.on('channel:opened:talk', (id, channel) => {
  let count = 0;
  setInterval(() => {
    count += 1;
    channel.send(`message ${count}`);
  }, 1000);
});
