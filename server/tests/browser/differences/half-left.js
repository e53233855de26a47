// How much has arrived when the queue says that half of it has left, in percent.
export default async function ({ connected, until }) {
  const { channel, other } = await connected();
  const [count, size] = [64, 65_536];
  let arrived = 0;
  let atEvent;
  other.onmessage = () => (arrived += 1);
  channel.bufferedAmountLowThreshold = (count / 2) * size;
  channel.onbufferedamountlow = () => (atEvent ??= arrived);
  for (let i = 0; i < count; i += 1) channel.send(new Uint8Array(size));
  await until(() => arrived === count, 8_000);
  return `${Math.round((100 * atEvent) / count)} %`;
}
