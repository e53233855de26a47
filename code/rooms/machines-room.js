// A room that nobody else will name.
const room = `machines-room-${Math.random()}`;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function comeIn(id) {
  const socket = new WebSocket(location.origin.replace('http', 'ws'));
  socket.onmessage = ({ data }) => {
    // Lines that begin like this are for the library of this book.
    if (!data.startsWith('primus')) console.log(`${id} gets ${data}`);
  };
  await new Promise((done) => (socket.onopen = done));
  console.log(id, 'comes in');
  socket.send(`/announce|${id}|${JSON.stringify({ id, room })}`);
  await wait(500);
  return socket;
}

await comeIn('ada');
const ben = await comeIn('ben');
const cem = await comeIn('cem');

console.log('ben speaks, to all and to ada');
ben.send('/hello|ben|good morning');
ben.send('/to|ada|/hello|ben|how are you?');
await wait(500);

console.log('cem closes his socket');
cem.close();
