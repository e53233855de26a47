const pc = new RTCPeerConnection();

// Agreed on beforehand: each side makes its end of the channel itself.
const channel = pc.createDataChannel('chat', { negotiated: true, id: 0 });
channel.onopen = () => {
  console.log('channel: open');
  channel.send('no server carried this');
};
channel.onmessage = ({ data }) => console.log('received:', data);

function area(name) {
  const text = document.createElement('textarea');
  text.placeholder = name;
  text.setAttribute('aria-label', name);
  text.rows = 3;
  text.style = 'display: block; width: 95%; margin: 4px';
  document.body.append(text);
  return text;
}
const mine = area('Yours, for the other side');
const theirs = area('Paste that of the other side here');

// The description is complete when the last candidate is in it.
pc.onicegatheringstatechange = () => {
  if (pc.iceGatheringState !== 'complete') return;
  mine.value = JSON.stringify(pc.localDescription);
  console.log(`your ${pc.localDescription.type} is ready`);
};
await pc.setLocalDescription();

theirs.oninput = async () => {
  const description = JSON.parse(theirs.value);
  // An offer takes the place of one's own; an answer completes it.
  await pc.setRemoteDescription(description);
  if (description.type === 'offer') await pc.setLocalDescription();
};
