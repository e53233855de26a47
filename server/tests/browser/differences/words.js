// What the probes of browser differences have in common. A test gives each probe a set of these words of its own, and calls `end` after it.
//
// May import: nothing.

/** How often `until` looks, in ms. */
const LOOK_AGAIN = 20;

/** @param {RTCIceServer[]} lent the STUN and TURN servers that the book lends: none at an address where the browser takes none */
export default function createWords(lent) {
  const peers = [];

  /** A connection that is closed after the probe. */
  const peer = (configuration) => {
    const pc = new RTCPeerConnection(configuration);
    peers.push(pc);
    return pc;
  };

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  /** Whether something is so within some ms. */
  const until = async (isSo, ms) => {
    for (const began = performance.now(); performance.now() - began < ms; await pause(LOOK_AGAIN)) {
      if (await isSo()) return true;
    }
    return false;
  };

  /** “taken”, or the name of the error. */
  const outcome = (promise) =>
    promise.then(
      () => 'taken',
      (error) => error.name,
    );

  /** Offer and answer between two sides, with the offer changed on its way if that is wanted. */
  const negotiate = async (a, b, change = (sdp) => sdp) => {
    await a.setLocalDescription();
    await b.setRemoteDescription({ type: 'offer', sdp: change(a.localDescription.sdp) });
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
  };

  /** Hands the candidates of one side to the other. One way is enough to connect, and Firefox looks up one made-up name faster than two. */
  const hand = (from, to) => {
    from.onicecandidate = ({ candidate }) => candidate && to.addIceCandidate(candidate).catch(() => {});
  };

  /** Two sides with an open channel that both have made. */
  const connected = async (a = peer(), b = peer()) => {
    const [channel, other] = [a, b].map((pc) => pc.createDataChannel('probe', { negotiated: true, id: 100 }));
    hand(a, b);
    await negotiate(a, b);
    const areOpen = () => channel.readyState === 'open' && other.readyState === 'open';
    if (!(await until(areOpen, 10_000))) throw new Error('no channel opened within 10 s');
    return { a, b, channel, other };
  };

  /** The offer of a connection with a data channel, not yet set. */
  const offered = async () => {
    const pc = peer();
    pc.createDataChannel('probe');
    return { pc, sdp: (await pc.createOffer()).sdp };
  };

  /** What becomes of an offer that is changed before it is set locally. */
  const locally = async (change) => {
    const { pc, sdp } = await offered();
    return outcome(pc.setLocalDescription({ type: 'offer', sdp: change(sdp) }));
  };

  /** What becomes of an offer that is changed on its way. */
  const remotely = async (change) => {
    const { sdp } = await offered();
    return outcome(peer().setRemoteDescription({ type: 'offer', sdp: change(sdp) }));
  };

  /** The candidates of a connection, until gathering is complete: objects, and `null` at the end. */
  const gathered = async (configuration) => {
    const pc = peer(configuration);
    const candidates = [];
    pc.createDataChannel('probe');
    pc.onicecandidate = ({ candidate }) => candidates.push(candidate);
    await pc.setLocalDescription();
    await until(() => candidates.includes(null), 5_000);
    return candidates;
  };

  const end = () => {
    for (const pc of peers) pc.close();
  };

  return { peer, pause, until, outcome, negotiate, hand, connected, offered, locally, remotely, gathered, lent, end };
}
