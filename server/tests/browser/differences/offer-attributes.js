// The attributes in an offer of a data channel, without those that both browsers write.
const BOTH = [
  'fingerprint',
  'group',
  'ice-options',
  'ice-pwd',
  'ice-ufrag',
  'max-message-size',
  'mid',
  'msid-semantic',
  'sctp-port',
  'setup',
];

export default async function ({ offered }) {
  const names = new Set(Array.from((await offered()).sdp.matchAll(/^a=([^:\r\n]+)/gm), ([, name]) => name));
  const missing = BOTH.filter((name) => !names.has(name)).map((name) => `no ${name}`);
  return [
    ...missing,
    ...Array.from(names)
      .filter((name) => !BOTH.includes(name))
      .sort(),
  ].join(', ');
}
