// A message as last week's program has it, and as today's does.
const forms = {
  'talk.1': { write: (text) => text, read: (data) => data },
  'talk.2': {
    write: (text) => JSON.stringify({ text }),
    read: (data) => JSON.parse(data).text,
  },
};
// Ada loaded her page last week, and Ben loaded his today.
const ada = new RTCPeerConnection();
const ben = new RTCPeerConnection();
guest('Ada', ada.createDataChannel('talk', { protocol: 'talk.1' }));
guest('Ben', ben.createDataChannel('talk', { protocol: 'talk.2' }));
function guest(name, channel) {
  const { write, read } = forms[channel.protocol];
  channel.onopen = () => channel.send(write(`this is ${name}`));
  channel.onmessage = ({ data }) => console.log(name, 'reads:', read(data));
}

// Your program. When both are there, it welcomes them.
const channels = [];
function host(channel) {
  channel.onmessage = ({ data }) => {
    console.log('the host reads:', forms['talk.2'].read(data));
    channels.push(channel);
    if (channels.length < 2) return;
    for (const one of channels) one.send(forms['talk.2'].write('welcome'));
  };
}

for (const a of [ada, ben]) {
  const b = new RTCPeerConnection();
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  b.ondatachannel = ({ channel }) => host(channel);
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
}
