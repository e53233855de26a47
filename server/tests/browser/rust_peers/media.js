// Sends a test card, from the beginning or when it is told to, and says what it sees. `ID` and `SENDS` stand in front.
import quickconnect from 'rtc-quickconnect';
import { pictureAge, testCard } from 'test-media';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const qc = quickconnect(location.origin, { room: 'r', id: ID, reactive: true });
let sent;
const send = () => qc.addStream((sent = new MediaStream([testCard({ width: 320, height: 180, fps: 15 })])));
if (SENDS) send();
qc.on('message:add', send);
qc.on('message:remove', () => qc.removeStream(sent));
qc.on('call:started', (id) => console.log('started', id));
qc.on('stream:removed', (id) => console.log('removed', id));
qc.on('stream:added', async (id, stream) => {
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 160, height: 90, muted: true });
  video.srcObject = stream;
  video.play();
  const { pc } = qc.calls.get(id);
  const [track] = stream.getTracks();
  const receiver = pc.getReceivers().find((one) => one.track === track);
  async function got(name) {
    const reports = [...(await receiver.getStats()).values()];
    return reports.find(({ type }) => type === 'inbound-rtp')?.[name] ?? 0;
  }
  const [field, enough] = track.kind === 'video' ? ['framesDecoded', 10] : ['packetsReceived', 50];
  while ((await got(field)) < enough) await wait(50);
  if (track.kind === 'audio') return console.log('hears', id);
  console.log('sees', id, video.videoWidth, video.videoHeight);
  const ages = [];
  while (ages.length < 20) {
    ages.push(pictureAge(video));
    await wait(50);
  }
  console.log('age', id, ages.sort((a, b) => a - b)[10]);
});
