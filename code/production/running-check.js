const say = (what, how) => console.log(`${what}: ${how}`);
const late = (ms) => new Promise((done) => setTimeout(done, ms, 'no answer'));

say('a secure context', isSecureContext);
say('camera and microphone', navigator.mediaDevices ? 'possible' : 'no');

// Signaling: does a WebSocket get through?
const socket = new WebSocket(location.origin.replace('http', 'ws'));
const opened = new Promise((done) => {
  socket.onopen = () => done('answers');
  socket.onerror = () => done('does not answer');
});
say('signaling', await Promise.race([opened, late(10_000)]));
socket.close();

// TURN: does each way to it, by itself, lead to a relay?
const lent = await fetch('/ice', { method: 'POST' });
const { iceServers, lifetimeSeconds } = await lent.json();
if (iceServers.length === 0) say('TURN', 'none at this address');
for (const { urls, username, credential } of iceServers) {
  say('TURN', `a password for ${lifetimeSeconds} s`);
  for (const url of urls.filter((url) => url.startsWith('turn'))) {
    const pc = new RTCPeerConnection({
      iceServers: [{ urls: url, username, credential }],
      iceTransportPolicy: 'relay',
    });
    const found = new Promise((done) => {
      // The last event has a candidate with an empty text, or none.
      pc.onicecandidate = ({ candidate }) =>
        done(candidate?.candidate ? `a ${candidate.type}` : 'no relay');
    });
    pc.createDataChannel('any');
    await pc.setLocalDescription();
    say(url, await Promise.race([found, late(10_000)]));
    pc.close();
  }
}
