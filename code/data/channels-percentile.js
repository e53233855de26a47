const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

// Where a player is. Nobody needs the one before the newest.
const moves = a.createDataChannel('moves');

moves.onopen = async () => {
  console.log('moves is open');
  for (let x = 1; x <= 450; x += 1) {
    moves.send(`x = ${x}`);
    await new Promise((done) => setTimeout(done, 33));
  }
  console.log('450 positions are sent');
};

const shown = document.createElement('output');
document.body.append(shown);
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => (shown.textContent = data);
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);

const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
