const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

// Both sides make the channel, with the same id.
const ofA = a.createDataChannel('chat', { negotiated: true, id: 0 });
const ofB = b.createDataChannel('chat', { negotiated: true, id: 0 });
const heard = new Set();
for (const channel of [ofA, ofB]) {
  channel.onopen = () => channel.send('hello');
  channel.onmessage = () => heard.add(channel);
}

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);

await new Promise((done) => setTimeout(done, 4_000));
showSteps('A', a, ofA);
showSteps('B', b, ofB);

// What each step has left behind, from the first to the last.
function showSteps(name, pc, channel) {
  const has = (description) => description?.sdp.includes('a=candidate:');
  const steps = {
    'offer and answer': pc.currentRemoteDescription !== null,
    'candidates of its own': has(pc.localDescription),
    'candidates of the other side': has(pc.remoteDescription),
    'a way': /^(connected|completed)$/.test(pc.iceConnectionState),
    keys: pc.connectionState === 'connected',
    'a channel': channel.readyState === 'open',
    'a message': heard.has(channel),
  };
  for (const [step, isDone] of Object.entries(steps))
    console.log(`${name}: ${isDone ? 'yes' : 'NO '} ${step}`);
}
