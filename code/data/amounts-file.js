const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);

const file = new Blob(['All of it, and nothing else. '.repeat(100_000)]);
const progress = document.createElement('progress');
progress.ariaLabel = 'Arrived';
document.body.append(progress);
const channel = a.createDataChannel('file');
channel.bufferedAmountLowThreshold = 65_536;
channel.onmessage = ({ data }) => (progress.value = data);
channel.onopen = async () => {
  channel.send(JSON.stringify({ name: 'all.txt', size: file.size }));
  for (let from = 0; from < file.size; from += 16_384) {
    if (channel.bufferedAmount > 262_144) {
      await new Promise((low) => (channel.onbufferedamountlow = low));
    }
    channel.send(await file.slice(from, from + 16_384).arrayBuffer());
  }
};

b.ondatachannel = ({ channel }) => {
  let head;
  let arrived = 0;
  const pieces = [];
  channel.onmessage = async ({ data }) => {
    if (!head) return (head = JSON.parse(data));
    pieces.push(data);
    arrived += data.byteLength;
    channel.send(arrived / head.size);
    if (arrived < head.size) return;
    const copy = await new Blob(pieces).text();
    console.log(arrived, 'bytes, the same:', copy === (await file.text()));
  };
};
await a.setLocalDescription(await a.createOffer());
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription(await b.createAnswer());
await a.setRemoteDescription(b.localDescription);
