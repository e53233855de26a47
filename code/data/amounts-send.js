const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

const channel = a.createDataChannel('bulk');
const piece = new Uint8Array(16_384);

// 256 pieces are 4 MiB.
channel.onopen = () => {
  for (let i = 0; i < 256; i += 1) channel.send(piece);
  console.log('KiB queued:', channel.bufferedAmount / 1024);
};

let arrived = 0;
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => {
    arrived += data.byteLength;
    if (arrived % 1_048_576 === 0) console.log('MiB:', arrived / 2 ** 20);
  };
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);

const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
