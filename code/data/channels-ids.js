const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

// A makes two channels, B makes one.
const chat = a.createDataChannel('chat');
const moves = a.createDataChannel('moves');
const files = b.createDataChannel('files');
console.log('id of chat before the offer:', chat.id);

a.ondatachannel = ({ channel }) => {
  console.log(`A is told of ${channel.label}, id ${channel.id}`);
};
b.ondatachannel = ({ channel }) => {
  console.log(`B is told of ${channel.label}, id ${channel.id}`);
};
moves.onopen = () => console.log('ids of A:', chat.id, 'and', moves.id);
files.onopen = () => console.log('id of B:', files.id);

const offer = await a.createOffer();
await a.setLocalDescription(offer);
await b.setRemoteDescription(offer);
console.log('media sections:', offer.sdp.match(/^m=/gm).length);

const answer = await b.createAnswer();
await b.setLocalDescription(answer);
await a.setRemoteDescription(answer);
console.log('the answer says', /a=setup:\w+/.exec(answer.sdp)[0]);
