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

const address = `${location.origin}/line/${line.id}/packets.pcapng`;
const file = await (await fetch(address)).arrayBuffer();
const view = new DataView(file);
// The file, one for Wireshark, has blocks: type, length and content. Those
// of type 6 are packets, from byte 28 on, with headers of IP and UDP first.
for (let at = 0, left = 4; left > 0; at += view.getUint32(at + 4, true)) {
  if (view.getUint32(at, true) !== 6) continue;
  const ip = view.getUint8(at + 28) >> 4 === 4 ? 20 : 40;
  decode(new DataView(file, at + 28 + ip + 8));
  left -= 1;
}

function decode(packet) {
  const hex = (at) => '0x' + packet.getUint16(at).toString(16).padStart(4, '0');
  const end = 20 + packet.getUint16(2);
  console.log(`message ${hex(0)}, ${end} bytes`);
  for (let at = 20, size; at < end; at += 4 + Math.ceil(size / 4) * 4) {
    size = packet.getUint16(at + 2);
    console.log(`  attribute ${hex(at)}, ${size} bytes`);
    if (hex(at) !== '0x0020') continue;
    const port = packet.getUint16(at + 6) ^ packet.getUint16(4);
    console.log(`    ${hex(at + 6)} xor ${hex(4)} is port ${port}`);
  }
}
