import quickconnect from 'rtc-quickconnect';
import { createMedia } from 'rtc-quickconnect/media';
import { testCard } from 'test-media';

const room = `mute-${Math.random()}`;
const alice = quickconnect(location.origin, { room, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });
const sends = createMedia(alice);
const gets = createMedia(bob, { every: 500 });
const card = testCard({ width: 320, height: 180, fps: 15 });
alice.addStream(new MediaStream([card]));
bob.on('stream:added', (id, stream) => {
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 320, height: 180, muted: true });
  video.srcObject = stream;
  video.play();
});

gets.on('state', (id, track, state) => {
  console.log(`bob: the ${track.kind} of ${id} is ${state}`);
});
const becomes = (wanted) =>
  new Promise((done) => {
    gets.on('state', (id, track, state) => state === wanted && done());
  });
async function packetsSent() {
  const reports = await alice.calls.get('bob').pc.getStats();
  const isSent = ({ type }) => type === 'outbound-rtp';
  return [...reports.values()].find(isSent)?.packetsSent ?? 0;
}

await becomes('live');
await Promise.all([becomes('muted'), sends.setMuted('video', true)]);
const before = await packetsSent();
await new Promise((done) => setTimeout(done, 1000));
console.log('alice sent', (await packetsSent()) - before, 'packets in 1 s');
await Promise.all([becomes('live'), sends.setMuted('video', false)]);
console.log('bob sees her again');
