import { pair, testCard } from 'test-media';

const [a, b] = pair();
const card = testCard({ width: 320, height: 180, fps: 15 });
a.addTrack(card);
const status = a.createDataChannel('status');

function tell() {
  if (status.readyState !== 'open') return;
  status.send(JSON.stringify({ isMuted: !card.enabled }));
}
function setMuted(isMuted) {
  console.log('A is muted:', isMuted);
  card.enabled = !isMuted;
  tell();
}

b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => {
    console.log('B is told:', JSON.parse(data).isMuted === true);
  };
};

setMuted(true);
await new Promise((done) => status.addEventListener('open', done));
console.log('the channel is open');
await new Promise((done) => setTimeout(done, 3000));
setMuted(false);
