// How many MiB `send` takes in one go, up to 20.
export default async function ({ connected }) {
  const { channel } = await connected();
  const piece = new Uint8Array(65_536);
  for (let sent = 0; sent < 20 * 16; sent += 1) {
    try {
      channel.send(piece);
    } catch ({ name, message }) {
      return `${name} after ${sent / 16} MiB, “${message.split(': ').at(-1)}”`;
    }
  }
  return 'all of it is taken';
}
