import { pair, testCard } from 'test-media';

const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
const sign = document.createElement('p');
sign.textContent = '…';
document.body.append(video, sign);

const [a, b] = pair();
const card = testCard({ width: 320, height: 180, fps: 15 });
a.addTrack(card);
const status = a.createDataChannel('status');
const isOpen = new Promise((done) => (status.onopen = done));

function setMuted(isMuted) {
  card.enabled = !isMuted;
  status.send(JSON.stringify({ isMuted }));
}

let shown;
const isSeen = new Promise((done) => {
  b.ontrack = ({ track }) => {
    shown = track;
    video.srcObject = new MediaStream([track]);
    video.play();
    track.onunmute = done;
  };
});
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => {
    const isMuted = JSON.parse(data).isMuted === true;
    sign.textContent = isMuted ? 'A has muted' : 'A can be seen';
    console.log(`B: ${sign.textContent}; the track's muted is ${shown.muted}`);
  };
};
await Promise.all([isOpen, isSeen]);
for (const isMuted of [false, true, false]) {
  setMuted(isMuted);
  await new Promise((done) => setTimeout(done, 3000));
}
