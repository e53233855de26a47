import { openLine } from 'test-network';

const kinds = {
  'reliable, ordered': {},
  'reliable, unordered': { ordered: false },
  'unreliable, unordered': { ordered: false, maxRetransmits: 0 },
};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

Object.entries(kinds).forEach(async ([kind, options]) => {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const channel = a.createDataChannel(kind, options);
  const dot = document.createElement('input');
  Object.assign(dot, { type: 'range', max: 200, value: 0, ariaLabel: kind });
  document.body.append(dot, kind, document.createElement('br'));
  const delays = [];
  b.ondatachannel = ({ channel }) =>
    channel.addEventListener('message', ({ data }) => {
      const [position, sentAt] = JSON.parse(data);
      dot.value = position;
      delays.push(performance.now() - sentAt);
    });
  const line = await openLine({ delay: 50 });
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await a.setRemoteDescription(answer);
  await line.join(a, b);
  while (channel.readyState !== 'open') await wait(10);
  await line.set({ loss: 10 });
  for (let position = 1; position <= 200; position += 1) {
    channel.send(JSON.stringify([position, performance.now()]));
    await wait(20);
  }
  await wait(2000);
  const late = delays.filter((delay) => delay > 150).length;
  console.log(`${kind}: ${late} late, ${200 - delays.length} missing`);
});
