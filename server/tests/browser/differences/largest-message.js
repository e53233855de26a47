// The largest message that the other side takes, in bytes.
export default async function ({ connected }) {
  const { a } = await connected();
  return a.sctp.maxMessageSize.toLocaleString('en');
}
