import { pair } from 'test-media';

const [a, b] = pair();
const audio = a.addTransceiver('audio');
const channel = b.createDataChannel('of the one that did not begin');
const look = () => {
  const { currentDirection } = audio;
  if (currentDirection && channel.readyState === 'open') console.log('agreed', JSON.stringify([currentDirection]));
};
channel.onopen = look;
a.onsignalingstatechange = look;
