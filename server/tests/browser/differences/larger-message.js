// A message of one byte more than 256 KiB.
export default async function ({ connected, until }) {
  const { channel, other } = await connected();
  let arrived = 0;
  other.onmessage = ({ data }) => (arrived = data.size ?? data.byteLength);
  try {
    channel.send(new Uint8Array(262_145));
  } catch ({ name, message }) {
    return `${name}, “${message.split(': ').at(-1)}”`;
  }
  return (await until(() => arrived === 262_145, 5_000)) ? 'arrives' : 'is lost';
}
