// A message for an end that is made a moment later.
export default async function ({ connected, pause, until }) {
  const { a, b, other, channel } = await connected();
  const early = a.createDataChannel('late', { negotiated: true, id: 7 });
  await until(() => early.readyState === 'open', 5_000);
  early.send('hello');
  // What follows on another channel arrives later: the message has been there.
  const arrived = new Promise((done) => (other.onmessage = done));
  channel.send('after it');
  await arrived;
  await pause(500);
  const heard = [];
  b.createDataChannel('late', { negotiated: true, id: 7 }).onmessage = ({ data }) => heard.push(data);
  return (await until(() => heard.length > 0, 1_500)) ? 'kept' : 'lost';
}
