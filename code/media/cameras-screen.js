const { mediaDevices } = navigator;
const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
const button = document.createElement('button');
button.textContent = 'Share a screen';
document.body.append(button, document.createElement('br'), video);

async function share() {
  try {
    const wish = { video: { width: 640, frameRate: 5 } };
    const stream = await mediaDevices.getDisplayMedia(wish);
    const [track] = stream.getVideoTracks();
    track.contentHint = 'detail';
    const { displaySurface, width, height } = track.getSettings();
    console.log(`shared: a ${displaySurface}, ${width} × ${height}`);
    track.onended = () => {
      console.log('the user has stopped sharing');
      video.srcObject = null;
    };
    video.srcObject = stream;
    await video.play();
  } catch ({ name }) {
    console.log('not shared:', name);
  }
}

button.onclick = share;
await share();
