// Two layers, of which the watcher chooses.
const publisher = new RTCPeerConnection();
const sendEncodings = [
  { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 100_000 },
  { rid: 'h', maxBitrate: 600_000 },
];
publisher.addTransceiver(testCard({ width: 640, height: 360, fps: 15 }), { direction: 'sendonly', sendEncodings });
const own = await exchange(publisher, `/whip/${room}`);
const id = own.split('/').at(-2);
const layers = await until('two layers', async () => {
  const [found] = (await look()).publishers;
  return found?.layers.length === 2 && found.layers.every(({ bitsPerSecond }) => bitsPerSecond > 0) && found.layers;
});
console.log('layers', JSON.stringify(layers.map(({ encodingId }) => encodingId)));
const pc = watcher();
const session = await exchange(pc, `/whep/${room}/${id}`);
const width = async (expected) => {
  let seen;
  const is = async () => {
    seen = await inbound(pc);
    return seen.frameWidth === expected;
  };
  await until(`a width of ${expected}`, is).catch((error) => {
    throw new Error(`${error.message}, and the watcher ${JSON.stringify(seen)}`);
  });
};
const choose = async (encodingId) => {
  const response = await fetch(`${session}/layer`, { method: 'POST', body: JSON.stringify({ encodingId }) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
};
await width(640);
await choose('l');
await width(160);
await choose('h');
await width(640);
console.log('chosen');
const ended = await fetch(own, { method: 'DELETE' });
console.log('ended', JSON.stringify([ended.status, (await look()).publishers.length]));
