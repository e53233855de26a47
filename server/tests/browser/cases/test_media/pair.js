import { pair } from 'test-media';

const [a, b] = pair();
a.addTransceiver('audio');
const channel = b.createDataChannel('of the one that did not begin');
channel.onopen = () => console.log('open', JSON.stringify([a.signalingState, b.signalingState]));
