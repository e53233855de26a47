import { pair, pictureAge, testCard } from 'test-media';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const size = { width: 160, height: 90 };
function play(track) {
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { ...size, muted: true });
  video.srcObject = new MediaStream([track]);
  video.play();
  return video;
}
const canvas = document.createElement('canvas');
Object.assign(canvas, { width: 320, height: 180 });
const ink = canvas.getContext('2d', { alpha: false });
const [mix] = canvas.captureStream().getVideoTracks();
const [people, mcu, received, shown] = [[], [], [], []];
setInterval(() => {
  const place = (i) => (i ? [230, 60 * i, 80, 45] : [0, 0, 320, 180]);
  received.forEach((video, i) => ink.drawImage(video, ...place(i)));
}, 66);
for (const [i, title] of ['Ada', 'Ben', 'Cem'].entries()) {
  [people[i], mcu[i]] = pair();
  mcu[i].ontrack = ({ track }) => (received[i] = play(track));
  people[i].ontrack = ({ track }) => (shown[i] = play(track));
  people[i].addTrack(testCard({ ...size, fps: 15, title }));
  mcu[i].addTrack(mix);
}
while (people.some((_, i) => !shown[i]?.videoWidth)) await wait(100);
for (let second = 1; second <= 3; second += 1) {
  await wait(1000);
  const ages = [pictureAge(received[0]), pictureAge(shown[1])];
  console.log(`Ada at the MCU ${ages[0]} ms old, in the mix ${ages[1]} ms`);
}
for (const [name, ends] of Object.entries({ Ben: [people[1]], MCU: mcu })) {
  const stats = await Promise.all(ends.map((pc) => pc.getStats()));
  const reports = stats.flatMap((one) => [...one.values()]);
  const count = (field) => reports.filter((one) => one[field] > 0).length;
  const decodes = `decodes ${count('framesDecoded')}`;
  console.log(`${name}: encodes ${count('framesEncoded')}, ${decodes}`);
}
