// The published client in a process of its own: `node original-client.mjs ADDRESS ID ROOM`. What it says and understands on the wire is its own; its
// connections are stand-ins, each of which calls itself connected once it has both descriptions and a candidate of the other side.
//
// It prints a line for each event that a test waits for, such as `call:started b`, and leaves when its input ends.

const EVENTS = [
  'connected',
  'disconnected',
  'peer:announce',
  'peer:update',
  'message:leave',
  'call:started',
  'call:ended',
];

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  '',
].join('\r\n');

const CANDIDATE = { candidate: 'candidate:1 1 udp 2113937151 127.0.0.1 50000 typ host', sdpMid: '0', sdpMLineIndex: 0 };

/** As much of `RTCPeerConnection` as the client uses, which calls it as it was in 2013: with functions, not with promises. */
class Connection {
  signalingState = 'stable';
  iceConnectionState = 'new';
  /** @type {any} */
  localDescription = null;
  /** @type {any} */
  remoteDescription = null;
  #hasCandidate = false;

  /** @param {(description: object) => void} done */
  createOffer(done) {
    done({ type: 'offer', sdp: SDP });
  }

  /** @param {(description: object) => void} done */
  createAnswer(done) {
    done({ type: 'answer', sdp: SDP });
  }

  /** @param {{ type: string }} description @param {() => void} done */
  setLocalDescription(description, done) {
    this.localDescription = description;
    this.#set('signalingState', description.type === 'offer' ? 'have-local-offer' : 'stable');
    done();
    this.onicecandidate?.({ candidate: CANDIDATE });
    this.onicecandidate?.({ candidate: null });
    this.#look();
  }

  /** @param {{ type: string }} description @param {() => void} done */
  setRemoteDescription(description, done) {
    this.remoteDescription = description;
    this.#set('signalingState', description.type === 'offer' ? 'have-remote-offer' : 'stable');
    done();
    this.#look();
  }

  /** @param {object} _candidate @param {() => void} done */
  addIceCandidate(_candidate, done) {
    this.#hasCandidate = true;
    done();
    this.#look();
  }

  getRemoteStreams() {
    return [];
  }

  close() {
    this.#set('signalingState', 'closed');
    this.#set('iceConnectionState', 'closed');
  }

  #look() {
    const isSettled = this.localDescription && this.remoteDescription && this.signalingState === 'stable';
    if (isSettled && this.#hasCandidate) this.#set('iceConnectionState', 'connected');
  }

  /** @param {'signalingState' | 'iceConnectionState'} name @param {string} state */
  #set(name, state) {
    if (this[name] === state) return;
    this[name] = state;
    this[`on${name.toLowerCase()}change`]?.();
  }
}

/** A description or a candidate. */
class Plain {
  /** @param {object} fields */
  constructor(fields) {
    Object.assign(this, fields);
  }
}

const page = {
  window: globalThis,
  navigator: {
    userAgent:
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.4430.93 Safari/537.36',
  },
  RTCPeerConnection: Connection,
  RTCSessionDescription: Plain,
  RTCIceCandidate: Plain,
};
// Newer versions of Node have a `navigator` that can't be assigned.
for (const [name, value] of Object.entries(page))
  Object.defineProperty(globalThis, name, { value, configurable: true });

const { default: quickconnect } = await import('./rtc-quickconnect.mjs');
const [, , address, id, room] = process.argv;
const qc = quickconnect(address, { id, room });
for (const event of EVENTS) {
  qc.on(event, (/** @type {any} */ about) => {
    console.log([event, about?.id ?? about].filter((word) => typeof word === 'string').join(' '));
  });
}
process.stdin.on('end', () => qc.close()).resume();
