const room = `machines-back-${Math.random()}`;
const LINE = /^(?:\/to\|\w+\|)?\/(announce|sdp|candidate|leave)\|(\w+)\|(.*)$/;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function join(id, words) {
  const peers = new Map();
  const socket = new WebSocket(location.origin.replace('http', 'ws'));
  const say = (other, what, data) =>
    socket.send(`/to|${other}|/${what}|${id}|${JSON.stringify(data)}`);
  function meet(other) {
    const pc = new RTCPeerConnection();
    pc.onicecandidate = ({ candidate }) => say(other, 'candidate', candidate);
    const chat = pc.createDataChannel('chat', { negotiated: true, id: 0 });
    chat.onopen = () => chat.send(words);
    chat.onmessage = ({ data }) => console.log(`${id} reads: ${data}`);
    peers.set(other, pc);
    return pc;
  }
  socket.onmessage = async ({ data }) => {
    const [, command, other, json] = LINE.exec(data) ?? [];
    if (command === 'leave') return console.log(`${id} hears: ${other} left`);
    if (!command) return;
    const pc = peers.get(other) ?? meet(other);
    if (command === 'candidate') return pc.addIceCandidate(JSON.parse(json));
    if (command === 'sdp') await pc.setRemoteDescription(JSON.parse(json));
    if (pc.remoteDescription?.type === 'answer') return;
    await pc.setLocalDescription();
    say(other, 'sdp', pc.localDescription);
  };
  await new Promise((done) => (socket.onopen = done));
  socket.send(`/announce|${id}|${JSON.stringify({ id, room })}`);
  return { socket, peers };
}
await join('ada', 'welcome');
const ben = await join('ben', 'first visit');
while (ben.peers.get('ada')?.connectionState !== 'connected') await wait(100);
await wait(2000);
ben.peers.get('ada').close(); // Ben loads his page again.
ben.socket.close();
await wait(1000);
await join('ben', 'second visit');
