// What a relay candidate names as the address behind it.
export default async function ({ gathered, lent }) {
  const iceServers = await lent();
  if (iceServers.length === 0) return 'no server at this address';
  const relay = (await gathered({ iceServers, iceTransportPolicy: 'relay' })).find((one) => one?.type === 'relay');
  return relay?.relatedAddress ?? 'none';
}
