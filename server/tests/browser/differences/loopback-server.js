// Whether a STUN server at an address of the form 127.x is asked.
export default async function ({ gathered }) {
  const { host } = new URL(document.baseURI);
  const candidates = await gathered({ iceServers: [{ urls: `stun:${host}` }] });
  return candidates.some((one) => one?.type === 'srflx') ? 'asked' : 'not asked';
}
