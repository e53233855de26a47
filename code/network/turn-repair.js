const lent = await fetch('/ice', { method: 'POST' });
const { iceServers } = await lent.json();
if (iceServers.length === 0) console.log('none at this address');
const iceTransportPolicy = iceServers.length > 0 ? 'relay' : 'all';

const servers = iceServers.map(({ urls, username, credential }) => ({
  urls: urls.map((url) => url.replace('turn:', 'turn://')),
  user: username,
  credential: credential.toLowerCase(),
}));
servers.push({ urls: `stun:${location.host}?transport=udp` });

const configuration = { iceServers: servers, iceTransportPolicy };
const caller = new RTCPeerConnection(configuration);
const answerer = new RTCPeerConnection(configuration);
for (const pc of [caller, answerer]) {
  pc.onicecandidateerror = ({ url, errorCode, errorText }) => {
    console.log(`${url}: error ${errorCode} ${errorText}`);
  };
}
caller.onicecandidate = ({ candidate }) => answerer.addIceCandidate(candidate);
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('answerer received:', data);
};
const channel = caller.createDataChannel('chat');
channel.onopen = () => channel.send('hello');

await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
await caller.setRemoteDescription(answerer.localDescription);
