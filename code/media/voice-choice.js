import { pair } from 'test-media';

const { mediaDevices } = navigator;
const select = document.body.appendChild(document.createElement('select'));
select.ariaLabel = 'Microphone';
const [a, b] = pair();
const { sender } = a.addTransceiver('audio', { direction: 'sendonly' });
// In a page of yours, the choice of the last visit is in localStorage.
let kept = 'an id of last year';
let current;

async function take(deviceId) {
  const stream = await mediaDevices.getUserMedia({ audio: { deviceId } });
  const [track] = stream.getAudioTracks();
  await sender.replaceTrack(track);
  current?.stop();
  current = track;
  console.log('A sends', track.label);
}
async function list() {
  const devices = await mediaDevices.enumerateDevices();
  const inputs = devices.filter(({ kind }) => kind === 'audioinput');
  const options = inputs.map((one) => new Option(one.label, one.deviceId));
  select.replaceChildren(...options);
  select.value = current.getSettings().deviceId;
}
select.onchange = async () => {
  const chosen = select.value;
  const failed = await take({ exact: chosen }).catch(({ name }) => name);
  if (failed) console.log('A stays with', current.label, failed);
  else kept = chosen;
  await list();
};

await take(kept);
await list();
mediaDevices.ondevicechange = list;
await new Promise((done) => setTimeout(done, 1000));
select.selectedIndex = 1;
select.onchange();
