const caller = new RTCPeerConnection();
const answerer = new RTCPeerConnection();

// Type, number of the version, and number of media sections.
function brief(description) {
  if (!description) return 'none';
  const [, version] = description.sdp.match(/^o=\S+ \S+ (\d+)/m);
  const sections = description.sdp.match(/^m=/gm).length;
  return `${description.type} (version ${version}, sections: ${sections})`;
}

function show(when) {
  console.log(`${when}: ${caller.signalingState}
  current local: ${brief(caller.currentLocalDescription)}
  pending local: ${brief(caller.pendingLocalDescription)}
  current remote: ${brief(caller.currentRemoteDescription)}
  pending remote: ${brief(caller.pendingRemoteDescription)}`);
}

async function negotiate(name) {
  await caller.setLocalDescription();
  show(`${name}, offered`);
  await answerer.setRemoteDescription(caller.localDescription);
  await answerer.setLocalDescription();
  await caller.setRemoteDescription(answerer.localDescription);
  show(`${name}, answered`);
}

show('new');
caller.createDataChannel('chat');
await negotiate('first');

caller.addTransceiver('audio');
await negotiate('second');
