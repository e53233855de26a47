const { mediaDevices } = navigator;
const stream = await mediaDevices.getUserMedia({ audio: true });
const [voice] = stream.getAudioTracks();
const sign = document.body.appendChild(document.createElement('p'));

function setOpen(isOpen) {
  voice.enabled = isOpen;
  sign.textContent = `The microphone is ${isOpen ? 'open' : 'closed'}.`;
  console.log(sign.textContent);
}
window.addEventListener('keydown', ({ code, repeat }) => {
  if (code === 'Space' && !repeat) setOpen(true);
});
window.addEventListener('keyup', ({ code }) => {
  if (code === 'Space') setOpen(false);
});
setOpen(false);

// What this page is told of somebody who holds the key, and then goes
// to another window, where the key is let go.
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
await wait(1000);
window.dispatchEvent(new KeyboardEvent('keydown', { code: 'Space' }));
await wait(1000);
console.log('another window is in front');
window.dispatchEvent(new Event('blur'));
await wait(1000);
const state = voice.enabled ? 'can be heard' : 'can not be heard';
console.log('meanwhile, what is said here', state);
voice.stop();
