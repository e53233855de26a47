import { testCard } from 'test-media';

const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
b.ontrack = ({ track }) => {
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { width: 320, height: 180, muted: true });
  video.srcObject = new MediaStream([track]);
  video.play();
};
const small = { rid: '1', scaleResolutionDownBy: 2, maxBitrate: 80_000 };
const sendEncodings = [{ rid: '0' }, small];
const { sender } = a.addTransceiver(testCard({ fps: 15 }), { sendEncodings });

// B gets a section for each layer: what is a rid for A is a mid for B.
await a.setLocalDescription();
const [head, section] = a.localDescription.sdp.split(/^(?=m=)/m);
const sdes = 'urn:ietf:params:rtp-hdrext:sdes:';
const ofRid = `${sdes}rtp-stream-id`;
const [, id] = new RegExp(`extmap:(\\d+)\\S* ${ofRid}`).exec(section);
const own = /^a=(mid|msid|rid|simulcast|ssrc|extmap\S+ \S+:sdes:).*\r\n/gm;
const rest = `${section.replace(own, '')}a=extmap:${id} ${sdes}mid\r\na=mid:`;
const both = head.replace('BUNDLE 0', 'BUNDLE 0 1');
const offer = `${both}${rest}0\r\n${rest}1\r\n`;
await b.setRemoteDescription({ type: 'offer', sdp: offer });
await b.setLocalDescription();
const [top, part] = b.localDescription.sdp.split(/^(?=m=)/m);
const one = top.replace('BUNDLE 0 1', 'BUNDLE 0');
const layers = 'a=rid:0 recv\r\na=rid:1 recv\r\na=simulcast:recv 0;1\r\n';
const answer = one + part.replace(`${sdes}mid`, ofRid) + layers;
await a.setRemoteDescription({ type: 'answer', sdp: answer });

for (let second = 1; second <= 20; second += 1) {
  await new Promise((done) => setTimeout(done, 1000));
  for (const sent of (await sender.getStats()).values()) {
    const what = `${sent.framesEncoded} pictures of ${sent.frameHeight} lines`;
    if (sent.rid) console.log(`${second} s, layer ${sent.rid}: ${what}`);
  }
}
