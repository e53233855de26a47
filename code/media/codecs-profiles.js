// One H.264 of a camera on the network, as its description has it.
const camera = 'packetization-mode=1;profile-level-id=42e01f';

// What some browsers have, in case that yours has none.
const examples = [
  'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f',
  'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f',
  'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f',
];
const { codecs } = RTCRtpReceiver.getCapabilities('video');
const h264 = codecs.filter(({ mimeType }) => mimeType === 'video/H264');
const own = h264.map(({ sdpFmtpLine }) => sdpFmtpLine ?? '');
console.log(`this browser receives H.264 in ${own.length} ways`);
if (own.length === 0) console.log('these are of another browser');

function read(line) {
  const pairs = line.split(';').map((one) => one.trim().split('='));
  const settings = Object.fromEntries(pairs);
  const id = settings['profile-level-id'] ?? '42000a';
  const [idc, flags, level] = id.match(/../g).map((two) => parseInt(two, 16));
  const isConstrained = (flags & 0x40) !== 0;
  const baseline = isConstrained ? 'Constrained Baseline' : 'Baseline';
  const names = { 66: baseline, 77: 'Main', 100: 'High' };
  const profile = names[idc] ?? `profile ${idc}`;
  const mode = settings['packetization-mode'] ?? '0';
  return { profile, mode, level: level / 10, id };
}

const wanted = read(camera);
for (const line of own.length > 0 ? own : examples) {
  const { profile, mode, level, id } = read(line);
  const fits = profile === wanted.profile && mode === wanted.mode;
  const what = `${id}: ${profile} ${level}, mode ${mode}`;
  console.log(what, fits ? 'fits' : 'does not fit');
}
