const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

const file = a.createDataChannel('file');
let arrived = 0;
b.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => (arrived += data.byteLength);
  channel.onclose = () => {
    console.log('B: closed,', arrived / 1024, 'KiB arrived');
  };
};

file.onclose = () => console.log('A: closed');
file.onopen = () => {
  for (let i = 0; i < 64; i += 1) file.send(new Uint8Array(65_536));
  file.close();
  console.log('A: close() returned,', file.readyState);
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);

const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
