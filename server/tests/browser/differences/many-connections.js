// Whether a page gets 501 connections.
export default async function ({ peer }) {
  for (let count = 1; count <= 501; count += 1) {
    try {
      peer();
    } catch ({ name, message }) {
      return `${name}, “${message.split(': ').at(-1)}”`;
    }
  }
  return 'made';
}
