const first = Date.now() % 100_000;
let state;
const dice = (sides) => (state = (state * 48_271) % 2_147_483_647) % sides;

function createPeer(isPolite) {
  const [pc, outbox] = [new RTCPeerConnection(), []];
  let [isOffering, turn] = [false, Promise.resolve()];
  const say = async (isOffer) => {
    isOffering = isOffer;
    await pc.setLocalDescription();
    outbox.push(pc.localDescription);
    isOffering = false;
  };
  pc.onnegotiationneeded = () => say(true);
  const take = async (description) => {
    const isOffer = description.type === 'offer';
    const isFree = pc.signalingState === 'stable' && !isOffering;
    if (isOffer && !isFree && !isPolite) return;
    await pc.setRemoteDescription(description);
    if (isOffer) await say(false);
  };
  const receive = (data) => (turn = turn.then(() => take(data)));
  return { pc, outbox, receive };
}
const isAgreed = ({ pc }) =>
  pc.getTransceivers().every(({ currentDirection }) => currentDirection);

for (let round = 1; round <= 30; round += 1) {
  state = first + round;
  const peers = [createPeer(true), createPeer(false)];
  for (let step = 1; step <= 12 || !peers.every(isAgreed); step += 1) {
    if (step > 500) throw new Error(`no agreement with seed ${first + round}`);
    const [one, other] = dice(2) ? peers : peers.toReversed();
    if (step <= 12 && dice(3) === 0) one.pc.addTransceiver('audio');
    for (const description of one.outbox.splice(0)) other.receive(description);
    await new Promise((done) => setTimeout(done, dice(20)));
  }
  console.log(`round ${round}, seed ${first + round}: both agree`);
  for (const { pc } of peers) pc.close();
}
