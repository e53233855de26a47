const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

const channel = a.createDataChannel('bulk');
const high = 1_048_576;
channel.bufferedAmountLowThreshold = 262_144;
let left = 8 * 1_048_576;
let most = 0;
let rests = 0;
const began = performance.now();

function pump() {
  const piece = new Uint8Array(16_384);
  while (left > 0 && channel.bufferedAmount + piece.length <= high) {
    channel.send(piece);
    left -= piece.length;
    most = Math.max(most, channel.bufferedAmount);
  }
  rests += 1;
}
channel.onopen = pump;
channel.onbufferedamountlow = pump;

let arrived = 0;
b.ondatachannel = ({ channel }) =>
  (channel.onmessage = ({ data }) => {
    arrived += data.byteLength;
    if (arrived < 8 * 1_048_576) return;
    const took = Math.round(performance.now() - began);
    console.log(`8 MiB arrived in ${took} ms, rests: ${rests}`);
    console.log('most KiB queued:', most / 1024);
  });

await a.setLocalDescription(await a.createOffer());
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription(await b.createAnswer());
await a.setRemoteDescription(b.localDescription);
