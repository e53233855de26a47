// An offer that doesn't say who begins the DTLS handshake.
export default async function ({ peer, negotiate, hand, until }) {
  const [a, b] = [peer(), peer()];
  const channel = a.createDataChannel('probe');
  hand(a, b);
  try {
    await negotiate(a, b, (sdp) => sdp.replace(/a=setup:.*\r\n/, ''));
  } catch (error) {
    return error.name;
  }
  return (await until(() => channel.readyState === 'open', 8_000)) ? 'connects' : 'does not connect';
}
