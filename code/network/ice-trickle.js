import { openLine } from 'test-network';

// Packets to this address are never answered: a STUN server that is down.
const line = await openLine();
const [, , , , address, port] = line.forA[0].candidate.split(' ');
const config = { iceServers: [{ urls: `stun:${address}:${port}` }] };

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const start = performance.now();
const seconds = () => ((performance.now() - start) / 1000).toFixed(1);

async function connect(name, isTrickled) {
  const a = new RTCPeerConnection(config);
  const b = new RTCPeerConnection();
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  a.createDataChannel('any').onopen = () => {
    console.log(`${name}: open after ${seconds()} s`);
  };
  const gathered = new Promise((done) => {
    a.onicecandidate = ({ candidate }) => {
      if (!candidate) done(null);
      if (isTrickled) b.addIceCandidate(candidate);
    };
  });
  wait(3000).then(() => {
    console.log(`${name}: gathering after 3 s: ${a.iceGatheringState}`);
  });
  await a.setLocalDescription();
  if (!isTrickled) await gathered;
  // By now a.localDescription has every candidate in it.
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
}

connect('trickled', true);
connect('all at once', false);
