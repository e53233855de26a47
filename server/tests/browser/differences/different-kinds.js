// Both sides add something else at once, and one takes its offer back for that of the other.
export default async function ({ connected }) {
  const { a, b } = await connected();
  a.addTransceiver('audio');
  b.addTransceiver('video');
  await Promise.all([a, b].map((pc) => pc.setLocalDescription()));
  try {
    await a.setRemoteDescription(b.localDescription);
  } catch ({ name, message }) {
    return `${name}, “${message.split(': ').at(-1).split(' (')[0]}”`;
  }
  return 'taken';
}
