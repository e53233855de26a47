// Lines that begin like this never reach the answerer.
const leaveOut = ['a=ice-options'];

const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
const channel = caller.createDataChannel('chat');
channel.onopen = () => console.log('channel: open');

const offer = await caller.createOffer();
await caller.setLocalDescription(offer);

const lines = offer.sdp
  .trimEnd()
  .split('\r\n')
  .filter((line) => !leaveOut.some((start) => line.startsWith(start)));
console.log(lines.join('\n'));
console.log('lines:', lines.length);

const sdp = lines.map((line) => `${line}\r\n`).join('');
await answerer.setRemoteDescription({ type: 'offer', sdp });

// The answer waits for the answerer's candidates, and takes them along.
await answerer.setLocalDescription();
while (answerer.iceGatheringState !== 'complete') {
  await new Promise((done) => {
    answerer.addEventListener('icegatheringstatechange', done, { once: true });
  });
}
await caller.setRemoteDescription(answerer.localDescription);
