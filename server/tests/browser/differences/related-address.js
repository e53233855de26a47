// What a relay candidate names as the address behind it.
export default async function ({ gathered, lent }) {
  if (lent.length === 0) return 'no server at this address';
  const relay = (await gathered({ iceServers: lent, iceTransportPolicy: 'relay' })).find(
    (one) => one?.type === 'relay',
  );
  return relay?.relatedAddress ?? 'none';
}
