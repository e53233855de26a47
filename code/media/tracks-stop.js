// Descriptions are enough for this: there are no candidates to hand over.
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();

async function negotiate(when) {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  const [, ...sections] = a.localDescription.sdp.split(/^m=/m);
  const shown = sections.map((section) => {
    const [kind, port] = section.split(' ');
    const isBundled = section.includes('a=bundle-only');
    return port === '0' && !isBundled ? `${kind} (stopped)` : kind;
  });
  const { length } = a.getTransceivers();
  console.log(`${when}: ${shown.join(', ')}; transceivers of A: ${length}`);
}

const audio = a.addTransceiver('audio');
a.addTransceiver('video');
await negotiate('first');

audio.stop();
await negotiate('after stop()');

a.addTransceiver('video');
await negotiate('with another');
a.close();
b.close();
