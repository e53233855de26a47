import { pair, testCard } from 'test-media';

const ways = {
  nothing: () => {},
  'play()': (video) => video.play(),
  autoplay: (video) => {
    video.autoplay = true;
  },
  unmuted: (video) => {
    video.muted = false;
    return video.play();
  },
};
const videos = [];
const [a, b] = pair();
b.ontrack = ({ track }) => {
  for (const [name, start] of Object.entries(ways)) {
    const video = document.createElement('video');
    Object.assign(video, { width: 160, height: 90, muted: true });
    document.body.append(video);
    videos.push(video);
    video.onloadeddata = () => console.log(`${name}: has a picture`);
    video.onplaying = () => console.log(`${name}: plays`);
    video.srcObject = new MediaStream([track]);
    start(video)?.catch((error) => console.log(`${name}: ${error.name}`));
  }
};
a.addTrack(testCard({ width: 320, height: 180, fps: 10 }));

for (let second = 1; second <= 8; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  const paused = videos.map((video) => video.paused).join(', ');
  console.log(`${second} s: paused is ${paused}`);
}
