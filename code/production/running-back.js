const wait = (ms) => new Promise((done) => setTimeout(done, ms));
// The signaling server. While it restarts, it takes nobody.
const server = { isUp: true, knowsAda: true };
async function connect() {
  console.log(server.isUp ? 'the server takes Ada' : 'the server refuses');
  server.knowsAda = server.isUp;
  return server.isUp;
}

// Ada's program, when it has lost the server.
const calls = [];
async function lost() {
  for (const pc of calls) pc.close();
  if (!(await connect())) console.log('Ada gives up');
}

// Somebody calls Ada as soon as the server knows her, and talks to her.
async function call(name) {
  while (!server.knowsAda) await wait(100);
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  calls.push(b);
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  const hear = ({ data }) => console.log('Ada hears', data);
  b.ondatachannel = ({ channel }) => (channel.onmessage = hear);
  const channel = a.createDataChannel('talk');
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  while (channel.readyState !== 'open') await wait(50);
  setInterval(() => channel.readyState === 'open' && channel.send(name), 500);
}
await call('Ben');
await wait(1000);
Object.assign(server, { isUp: false, knowsAda: false });
lost();
call('Carol');
await wait(4000);
server.isUp = true;
