import { testVoice } from 'test-media';

const { close } = AudioContext.prototype;
AudioContext.prototype.close = function () {
  console.log('closed');
  return close.call(this);
};

const element = document.createElement('audio');
document.body.append(element);
const voice = await testVoice();
console.log('voice', JSON.stringify([voice.kind, voice.readyState]));
element.srcObject = new MediaStream([voice]);
// Not muted: refused in a frame that may not play.
await element.play();
console.log('plays');
voice.stop();
