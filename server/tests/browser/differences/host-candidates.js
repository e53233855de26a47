// Protocols of host candidates, with their type preferences.
export default async function ({ gathered }) {
  const hosts = (await gathered()).filter((one) => one?.candidate);
  const kinds = hosts.map(({ protocol, tcpType, priority }) =>
    `${protocol} ${tcpType ?? ''} ${priority >>> 24}`.replace('  ', ' '),
  );
  return Array.from(new Set(kinds)).sort().reverse().join(', ');
}
