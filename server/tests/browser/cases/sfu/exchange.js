const room = 'lobby';
/** Publishes or watches; where the session is. */
async function exchange(pc, address) {
  await pc.setLocalDescription();
  const { sdp } = pc.localDescription;
  const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: sdp });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  return new URL(response.headers.get('location'), response.url).href;
}
const look = async () => (await fetch(`/sfu/${room}`)).json();
const pause = (time) => new Promise((done) => setTimeout(done, time));
async function until(what, condition, time = 15_000) {
  const end = performance.now() + time;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (performance.now() > end) {
      throw new Error(`${what}: not within ${time} ms; the room has ${JSON.stringify(await look())}`);
    }
    await pause(50);
  }
}
async function inbound(pc) {
  for (const report of (await pc.getStats()).values()) if (report.type === 'inbound-rtp') return report;
  return {};
}
function watcher() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver('video', { direction: 'recvonly' });
  return pc;
}
