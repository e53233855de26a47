import quickconnect, { receiveLarge, sendLarge } from 'rtc-quickconnect';

const room = `large-messages-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });
alice.createDataChannel('files');

bob.on('channel:opened:files', (id, channel) => {
  const stop = receiveLarge(
    channel,
    (message) => {
      if (typeof message === 'string') {
        console.log('bob received a text of', message.length, 'characters');
      } else {
        console.log('bob received', message.byteLength, 'bytes');
        stop();
      }
    },
    { maxSize: 10_000_000, onerror: ({ message }) => console.log(message) },
  );
});

alice.on('channel:opened:files', async (id, channel) => {
  // They go one after the other, however many there are.
  sendLarge(channel, 'a long story. '.repeat(100_000));
  await sendLarge(channel, new Uint8Array(5_000_000));
  console.log('alice: the last bytes are in the channel');
  console.log('of them wait there:', channel.bufferedAmount <= 1_048_576);
});
