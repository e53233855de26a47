// Two connections of one program, and how long a message of theirs takes there and back.
function pair() {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const channel = a.createDataChannel('echo');
  b.ondatachannel = ({ channel: other }) => {
    other.onmessage = ({ data }) => other.send(data);
  };
  const opened = new Promise((resolve) => {
    channel.onopen = resolve;
  });
  return {
    a,
    b,
    channel,
    opened,
    async negotiate() {
      await a.setLocalDescription();
      await b.setRemoteDescription(withoutCandidates(a.localDescription));
      await b.setLocalDescription();
      await a.setRemoteDescription(withoutCandidates(b.localDescription));
    },
    async roundTrip() {
      const sent = performance.now();
      channel.send('there and back');
      await new Promise((resolve) => {
        channel.onmessage = resolve;
      });
      return performance.now() - sent;
    },
  };
}

/** The ports of the other side that a connection knows of. */
async function remotePorts(pc) {
  const stats = [...(await pc.getStats()).values()];
  return [...new Set(stats.filter(({ type }) => type === 'remote-candidate').map(({ port }) => port))];
}

const portOf = ({ candidate }) => Number(candidate.split(' ')[5]);
