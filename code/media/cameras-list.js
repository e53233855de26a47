const { mediaDevices } = navigator;
const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);

async function list(when) {
  const devices = await mediaDevices.enumerateDevices();
  for (const { kind, label, deviceId } of devices)
    console.log(`${when}: ${kind}, label “${label}”, id “${deviceId}”`);
}

await list('before');
const stream = await mediaDevices.getUserMedia({ video: { width: 320 } });
video.srcObject = stream;
await video.play();
await list('after');

await new Promise((done) => setTimeout(done, 2000));
for (const track of stream.getTracks()) track.stop();
console.log('stopped');
