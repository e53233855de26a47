// A wire. What goes in comes out on the other side, later, and as text.
const DELAY = 300;
function carry(to, what) {
  const text = String(what);
  console.log(`to ${to}: ${text.slice(0, 60)}… (${text.length} characters)`);
  setTimeout(() => sides[to].hear(text), DELAY);
}
const start = performance.now();
const ms = () => Math.round(performance.now() - start);

// One side. All that it knows of the other is what it hears.
function side(name, other) {
  const pc = new RTCPeerConnection();
  const say = (message) => carry(other, JSON.stringify(message));
  pc.onicecandidate = ({ candidate }) => candidate && say({ candidate });
  pc.ondatachannel = ({ channel }) => {
    channel.onmessage = ({ data }) =>
      console.log(`${name} reads: ${data}, ${ms()} ms later`);
  };
  return {
    async call() {
      const channel = pc.createDataChannel('chat');
      channel.onopen = () => channel.send(`hello from ${name}`);
      await pc.setLocalDescription();
      say({ description: pc.localDescription });
    },
    async hear(text) {
      const { candidate, description } = JSON.parse(text);
      if (candidate) return pc.addIceCandidate(candidate);
      await pc.setRemoteDescription(description);
      if (description.type === 'answer') return;
      await pc.setLocalDescription();
      say({ description: pc.localDescription });
    },
  };
}

const sides = { ada: side('ada', 'ben'), ben: side('ben', 'ada') };
sides.ada.call();
