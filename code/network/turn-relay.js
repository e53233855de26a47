// What this book's server lends: itself, with a user name and a password.
const lent = await fetch('/ice', { method: 'POST' });
const { iceServers } = await lent.json();
console.log('servers:', iceServers[0]?.urls ?? 'none at this address');

const configuration = { iceServers, iceTransportPolicy: 'relay' };
const caller = new RTCPeerConnection(configuration);
const answerer = new RTCPeerConnection(configuration);
caller.onicecandidate = ({ candidate }) => {
  answerer.addIceCandidate(candidate);
  if (!candidate?.candidate) return;
  const { type, protocol, address, port } = candidate;
  console.log('candidate:', type, protocol, `${address}:${port}`);
};
answerer.onicecandidate = ({ candidate }) => caller.addIceCandidate(candidate);

answerer.ondatachannel = ({ channel }) => {
  channel.onmessage = ({ data }) => console.log('answerer received:', data);
};
const channel = caller.createDataChannel('chat');
channel.onopen = async () => {
  channel.send('hello, the long way round');
  const stats = await caller.getStats();
  const transport = [...stats.values()].find((s) => s.type === 'transport');
  const pair = stats.get(transport.selectedCandidatePairId);
  const local = stats.get(pair.localCandidateId);
  const remote = stats.get(pair.remoteCandidateId);
  console.log('in use:', local.candidateType, 'to', remote.candidateType);
  console.log('to the server by', local.relayProtocol);
};

await caller.setLocalDescription();
await answerer.setRemoteDescription(caller.localDescription);
await answerer.setLocalDescription();
await caller.setRemoteDescription(answerer.localDescription);
