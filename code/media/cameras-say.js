const video = document.createElement('video');
Object.assign(video, { width: 320, height: 180, muted: true });
document.body.append(video);

const advice = {
  TypeError: 'This page has a mistake: it asks for nothing.',
};
const explain = ({ name }) => advice[name] ?? 'Something went wrong.';

for (let attempt = 1; attempt <= 4; attempt += 1) {
  try {
    const constraints = { video: { width: 320 } };
    const { mediaDevices } = navigator;
    video.srcObject = await mediaDevices.getUserMedia(constraints);
    await video.play();
    console.log(`attempt ${attempt}: here is the picture`);
  } catch (error) {
    console.log(`attempt ${attempt}: ${explain(error)}`);
  }
  await new Promise((done) => setTimeout(done, 500));
}
