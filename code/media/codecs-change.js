import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);
const [a, b] = pair();
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
let offers = 0;
a.onsignalingstatechange = () => {
  if (a.signalingState === 'have-local-offer') offers += 1;
};

// What A sends, for six seconds.
async function watch(when, wanted = '') {
  let codec;
  for (let second = 1; second <= 6; second += 1) {
    await new Promise((done) => setTimeout(done, 1000));
    const reports = await a.getStats();
    for (const { type, codecId } of reports.values()) {
      if (type === 'outbound-rtp') codec = reports.get(codecId)?.mimeType;
    }
    console.log(`${when}: A sends ${codec}; offers: ${offers}`);
  }
  if (!codec?.includes(wanted)) console.log(`no ${wanted} in this call`);
}
const card = testCard({ width: 320, height: 180, fps: 10 });
const { sender } = a.addTransceiver(card);
await new Promise((done) => video.addEventListener('playing', done));
await watch('at first');

for (const wanted of ['video/VP9', 'video/VP8']) {
  const parameters = sender.getParameters();
  const isIt = ({ mimeType }) => mimeType === wanted;
  parameters.encodings[0].codec = parameters.codecs.find(isIt);
  await sender.setParameters(parameters);
  await watch(`asked for ${wanted}`, wanted);
}
