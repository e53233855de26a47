const a = new RTCPeerConnection();
const b = new RTCPeerConnection();
// The candidates of one side are enough.
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
const channel = a.createDataChannel('any');
const isOpen = new Promise((done) => channel.addEventListener('open', done));

await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await isOpen;

const start = performance.now();
const ms = () => Math.round(performance.now() - start);
channel.onclose = () => console.log(`the channel closed after ${ms()} ms`);
a.onconnectionstatechange = () => {
  console.log(`A is ${a.connectionState} after ${ms()} ms`);
};
b.close();
await new Promise((done) => setTimeout(done, 2000));
console.log(`after 2 s A is ${a.connectionState}`);
