const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();
caller.createDataChannel('chat');

const offer = await caller.createOffer();
await caller.setLocalDescription(offer);
await answerer.setRemoteDescription(offer);

const answer = await answerer.createAnswer();
await answerer.setLocalDescription(answer);
await caller.setRemoteDescription(answer);

// Line by line: what does the answer say where the offer says this?
const linesOf = ({ sdp }, start) =>
  sdp.split('\r\n').filter((line) => line.startsWith(start));

for (const start of [
  'm=',
  'a=mid',
  'a=group',
  'a=sctp-port',
  'a=max-message-size',
  'a=setup',
  'a=ice-ufrag',
  'a=ice-pwd',
  'a=fingerprint',
]) {
  const offered = linesOf(offer, start);
  const answered = linesOf(answer, start);
  offered.forEach((line, i) => {
    if (line === answered[i]) console.log(`same:   ${line}`);
    else console.log(`offer:  ${line}\nanswer: ${answered[i]}`);
  });
}
