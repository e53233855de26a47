const requests = {
  nothing: {},
  'any camera': { video: true },
  'a small picture': { video: { width: 320, height: 180 } },
  'more than there is': { video: { width: 9999 } },
  'exactly more than there is': { video: { width: { exact: 9999 } } },
  'the back camera': { video: { facingMode: { exact: 'environment' } } },
  'one camera too many': { video: { facingMode: { exact: 'left' } } },
  'a camera of yesterday': { video: { deviceId: { exact: 'f00d' } } },
  'that one, if possible': { video: { deviceId: 'f00d' } },
};

for (const [what, constraints] of Object.entries(requests)) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    const [track] = stream.getVideoTracks();
    const { width, height } = track.getSettings();
    console.log(`${what}: ${track.label}, ${width} × ${height}`);
    track.stop();
  } catch ({ name, constraint = '' }) {
    console.log(`${what}: ${name} ${constraint}`);
  }
}
console.log('all asked');
