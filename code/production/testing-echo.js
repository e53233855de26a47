// What is tested: three programs that should send back what they are sent.
const echoes = {
  prompt: (channel, text) => channel.send(text),
  late: (channel, text) => setTimeout(() => channel.send(text), 1_500),
  silent: () => {},
};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function connect(answer) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  b.ondatachannel = ({ channel }) => {
    channel.onmessage = ({ data }) => answer(channel, data);
  };
  const channel = a.createDataChannel('echo');
  const isOpen = new Promise((done) => channel.addEventListener('open', done));
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await isOpen;
  const close = () => [a, b].forEach((pc) => pc.close());
  return { channel, close };
}

for (const [name, answer] of Object.entries(echoes)) {
  const text = `hello, ${name}`;
  const { channel, close } = await connect(answer);
  channel.onmessage = ({ data }) => console.log('came back:', data);
  channel.send(text);
  await wait(300);
  const isGood = channel.readyState === 'open';
  console.log(`${name}: ${isGood ? 'passed' : 'failed'}`);
}
