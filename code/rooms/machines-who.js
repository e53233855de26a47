const room = `machines-who-${Math.random()}`;
const LINE = /^(\/to\|\w+\|)?\/(announce|sdp|candidate)\|(\w+)\|(.*)$/;

async function join(id) {
  const peers = new Map();
  const socket = new WebSocket(location.origin.replace('http', 'ws'));
  const say = (other, what, data) =>
    socket.send(`/to|${other}|/${what}|${id}|${JSON.stringify(data)}`);

  function meet(other) {
    const pc = new RTCPeerConnection();
    pc.onicecandidate = ({ candidate }) => say(other, 'candidate', candidate);
    const chat = pc.createDataChannel('chat', { negotiated: true, id: 0 });
    chat.onopen = () => chat.send(`hello from ${id}`);
    chat.onmessage = ({ data }) => console.log(`${id} reads: ${data}`);
    peers.set(other, pc);
    return pc;
  }

  socket.onmessage = async ({ data }) => {
    const [, to, command, other, json] = LINE.exec(data) ?? [];
    if (!command) return;
    const pc = peers.get(other) ?? meet(other);
    if (command === 'candidate') return pc.addIceCandidate(JSON.parse(json));
    if (command === 'sdp') await pc.setRemoteDescription(JSON.parse(json));
    if (pc.remoteDescription?.type === 'answer') return;
    // A newcomer doesn't know who is here, and is told.
    if (command === 'announce' && !to) say(other, 'announce', { id, room });
    console.log(id, pc.remoteDescription ? 'answers' : 'calls', other);
    await pc.setLocalDescription();
    say(other, 'sdp', pc.localDescription);
  };

  await new Promise((done) => (socket.onopen = done));
  socket.send(`/announce|${id}|${JSON.stringify({ id, room })}`);
}

await join('ada');
await join('ben');
