const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

const channel = a.createDataChannel('bulk');
channel.onopen = () => {
  console.log('largest message:', a.sctp.maxMessageSize);
  const piece = new Uint8Array(65_536);
  let sent = 0;
  try {
    for (; sent < 512; sent += 1) channel.send(piece);
    console.log('all 32 MiB are taken');
  } catch (error) {
    console.log(error.name, 'after', sent / 16, 'MiB');
  }
  console.log('MiB queued:', channel.bufferedAmount / 2 ** 20);
  console.log('the channel is', channel.readyState);
  setTimeout(() => {
    channel.send('one more');
    console.log('one more is taken');
  }, 2_000);
};

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);

const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
