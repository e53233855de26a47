const lines = [new Date().toISOString(), navigator.userAgent];
const start = performance.now();
function note(what) {
  const ms = Math.round(performance.now() - start);
  lines.push(`${String(ms).padStart(6)} ms  ${what}`);
}

const kinds = ['signaling', 'iceGathering', 'iceConnection', 'connection'];
function watch(pc) {
  for (const kind of kinds)
    pc.addEventListener(`${kind.toLowerCase()}statechange`, () =>
      note(`${kind}: ${pc[`${kind}State`]}`),
    );
  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate?.candidate) note(`found: ${candidate.type}`);
  });
  pc.addEventListener('icecandidateerror', ({ url, errorCode }) =>
    note(`error ${errorCode} of ${url}`),
  );
  pc.addEventListener('connectionstatechange', async () => {
    if (pc.connectionState !== 'connected') return;
    const stats = await pc.getStats();
    const transport = [...stats.values()].find((s) => s.type === 'transport');
    const pair = stats.get(transport?.selectedCandidatePairId);
    const ends = [pair?.localCandidateId, pair?.remoteCandidateId];
    const types = ends.map((id) => stats.get(id)?.candidateType);
    note(`way: ${types.join(' to ')}`);
  });
}

const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
watch(a);
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
a.createDataChannel('any').onopen = () => note('channel: open');
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
setTimeout(() => console.log(lines.join('\n')), 4_000);
