import quickconnect from 'rtc-quickconnect';

// A picture that moves stands in for a camera.
const canvas = document.createElement('canvas');
const ink = canvas.getContext('2d');
setInterval(() => {
  if (ink) ink.fillStyle = `hsl(${performance.now() / 10} 80% 60%)`;
  ink?.fillRect(0, 0, canvas.width, canvas.height);
}, 40);
const picture = canvas.captureStream();

const room = `streams-${Math.random()}`;
const options = { room, expectedLocalStreams: 1, reactive: true };
// Alice announces herself once she has a stream.
const alice = quickconnect(location.origin, { ...options, id: 'alice' });
const bob = quickconnect(location.origin, { room, id: 'bob' });
alice.addStream(picture);
console.log('alice sends', alice.getLocalStreams().length, 'stream');

bob.on('call:started', (id) => {
  bob.requestStream(id, 0, (error, { active }) => {
    console.log('the first stream of', id, 'is active:', active);
  });
});

bob.on('stream:added', (id, stream) => {
  console.log('stream:added', id);
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  document.body.append(video);
  video.play();
  video.onplaying = () => setTimeout(() => alice.removeStream(picture), 2000);
});
bob.on('stream:removed', (id) => console.log('stream:removed', id));
