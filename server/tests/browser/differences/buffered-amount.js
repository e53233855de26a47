// How `bufferedAmount` falls while what was sent arrives.
export default async function ({ connected, until }) {
  const { channel, other } = await connected();
  const total = 64 * 65_536;
  let arrived = 0;
  const seen = new Set();
  other.onmessage = ({ data }) => {
    arrived += data.size ?? data.byteLength;
    if (arrived < total) seen.add(channel.bufferedAmount);
  };
  for (let i = 0; i < 64; i += 1) channel.send(new Uint8Array(65_536));
  await until(() => arrived === total, 8_000);
  return seen.size > 2 ? 'falls in steps' : 'falls at the end';
}
