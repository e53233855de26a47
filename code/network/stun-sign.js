import { openLine, withoutCandidates } from 'test-network';

const line = await openLine({ delay: 20, capture: true });
const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
const channel = a.createDataChannel('chat');
const open = new Promise((done) => (channel.onopen = done));
await a.setLocalDescription();
await b.setRemoteDescription(withoutCandidates(a.localDescription));
await b.setLocalDescription();
await a.setRemoteDescription(withoutCandidates(b.localDescription));
await line.join(a, b);
await open;

const { packets } = await line.packets();
console.log('the first packet,', packets[0].way);
const address = `${location.origin}/line/${line.id}/packets.pcapng`;
const file = new DataView(await (await fetch(address)).arrayBuffer());

let at = 0;
while (file.getUint32(at, true) !== 6) at += file.getUint32(at + 4, true);
const start = at + 28 + (file.getUint8(at + 28) >> 4 === 4 ? 28 : 48);
const packet = new DataView(file.buffer, start);
for (at = 20; packet.getUint16(at) !== 8; ) {
  at += 4 + Math.ceil(packet.getUint16(at + 2) / 4) * 4;
}
const signature = file.buffer.slice(start + at + 4, start + at + 24);
// Signed is all before it, with a length that counts the signature in.
const signed = file.buffer.slice(start, start + at);
new DataView(signed).setUint16(2, at + 24 - 20);

const sha = { name: 'HMAC', hash: 'SHA-1' };
for (const [name, pc] of Object.entries({ a, b })) {
  const [, pwd] = /a=ice-pwd:(.+)/.exec(pc.localDescription.sdp);
  const raw = new TextEncoder().encode(pwd.trim());
  const key = await crypto.subtle.importKey('raw', raw, sha, false, ['verify']);
  const fits = await crypto.subtle.verify(sha, key, signature, signed);
  console.log(`signed with the password of ${name}: ${fits}`);
}
