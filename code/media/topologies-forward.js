import quickconnect from 'rtc-quickconnect';
import { pictureAge, testCard } from 'test-media';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const stage = { room: 'topologies' };
const hall = { room: 'topologies-hall', reactive: true };
const join = (room) => quickconnect(location.origin, room);

// Ada sends on the stage, and Ben watches in the hall.
const [ada, ben] = [join(stage), join(hall)];
const card = testCard({ width: 320, height: 180, fps: 15, title: 'Ada' });
ada.addStream(new MediaStream([card]));

// In between is somebody who is in both rooms.
const [front, back] = [join(stage), join(hall)];
front.on('stream:added', (id, stream) => {
  if (id === ada.id) back.addStream(stream);
});

ben.on('stream:added', async (id, stream) => {
  const by = id === back.id ? 'this page' : 'somebody else';
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  video.srcObject = stream;
  video.play();
  while (stream.active) {
    await wait(1000);
    console.log(`by ${by}: ${pictureAge(video)} ms old`);
    if (id === back.id) console.log(await codecs());
  }
  video.remove();
});
async function codecs() {
  const ends = [...front.calls.values(), ...back.calls.values()];
  const stats = await Promise.all(ends.map(({ pc }) => pc.getStats()));
  const reports = stats.flatMap((one) => [...one.values()]);
  const count = (field) => reports.filter((one) => one[field] > 0).length;
  const encodes = `encodes ${count('framesEncoded')}`;
  return `in between: decodes ${count('framesDecoded')}, ${encodes}`;
}
