// @ts-check
// What `close()` leaves behind, counted: a client connects and closes, again and again, in a page that watches what it starts.

/** How long, in ms, one round may take: far longer than it takes. */
const PATIENCE = 15_000;

/** Has a call lose its way, or find it again, as far as its connection says. @param {any} qc @param {RTCPeerConnectionState} connectionState */
function pretend(qc, connectionState) {
  const { pc } = qc.calls.get('host');
  Object.defineProperty(pc, 'connectionState', { value: connectionState, configurable: true });
  pc.dispatchEvent(new Event('connectionstatechange'));
}

/**
 * What may be happening when a listener closes us, or ends the call: an event, and what leads to it once a channel is open.
 * @type {{ event: string, options?: object, act?: (qc: any) => void }[]}
 */
const MOMENTS = [
  ...[
    'connected',
    'local:announce',
    'peer:filter',
    'peer:connected',
    'peer:announce',
    'peer:connect',
    'peer:couple',
    'call:started',
    'channel:opened',
  ].map((event) => ({ event })),
  ...['stream:added', 'track:detected'].map((event) => ({ event })),
  { event: 'channel:closed', act: (qc) => qc.endCalls() },
  { event: 'call:ended', act: (qc) => qc.reconnectTo('host') },
  { event: 'call:failing', act: (qc) => pretend(qc, 'disconnected') },
  {
    event: 'call:recovered',
    act(qc) {
      pretend(qc, 'disconnected');
      pretend(qc, 'connected');
    },
  },
  { event: 'call:failed', options: { failTimeout: 0 } },
  { event: 'call:ended', options: { failTimeout: 0 } },
];
/** Those in which there is somebody to end a call with. */
const MOMENTS_OF_A_PEER = MOMENTS.filter(
  ({ event }) => !['connected', 'local:announce', 'peer:filter', 'peer:connected'].includes(event),
);
/** What a client that was closed may still say. */
const ENDS = ['channel:closed', 'stream:removed', 'call:ended', 'disconnected'];
/** What a client without a call has: its socket, and a timer for the server's silence, which may last 50 s, in two parts. */
const WITHOUT_CALL = ['setTimeout of 25000 ms', 'an open socket'];
const EVENTS = new Set([...MOMENTS.map(({ event }) => event), ...ENDS, 'channel:opened:talk', 'error']);

const { setTimeout: later, clearTimeout: not } = globalThis;

/** Stands in for whatever a page can start, and knows what of it has not ended. */
function watchPage() {
  /** @type {Map<unknown, string>} */
  const timers = new Map();
  /** @type {Set<WebSocket>} */
  const sockets = new Set();
  /** @type {Set<RTCPeerConnection>} */
  const connections = new Set();
  let started = 0;

  for (const name of /** @type {const} */ (['setTimeout', 'setInterval'])) {
    const set = globalThis[name];
    Object.assign(globalThis, {
      /** @param {(...args: unknown[]) => void} act @param {number} [ms] @param {unknown[]} args */
      [name](act, ms, ...args) {
        const timer = set(() => {
          if (name === 'setTimeout') timers.delete(timer);
          act(...args);
        }, ms);
        timers.set(timer, `${name} of ${ms} ms`);
        started += 1;
        return timer;
      },
    });
  }
  for (const name of /** @type {const} */ (['clearTimeout', 'clearInterval'])) {
    const clear = globalThis[name];
    Object.assign(globalThis, { [name]: (/** @type {any} */ timer) => (timers.delete(timer), clear(timer)) });
  }
  globalThis.WebSocket = class extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} args */
    constructor(...args) {
      super(...args);
      sockets.add(this);
      started += 1;
    }
  };
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    /** @param {ConstructorParameters<typeof RTCPeerConnection>} args */
    constructor(...args) {
      super(...args);
      connections.add(this);
      started += 1;
    }
  };

  return {
    /** How much was started in all. */
    get started() {
      return started;
    },
    /** What goes on, in words. Whatever has ended is forgotten, so that the browser may collect it. */
    living() {
      for (const socket of sockets) if (socket.readyState === WebSocket.CLOSED) sockets.delete(socket);
      for (const pc of connections) if (pc.signalingState === 'closed') connections.delete(pc);
      return [
        ...timers.values(),
        ...[...sockets].map(({ readyState }) =>
          readyState === WebSocket.OPEN ? 'an open socket' : `a socket in state ${readyState}`,
        ),
        ...[...connections].map(({ signalingState }) => `a peer connection that is ${signalingState}`),
      ];
    },
  };
}

/** @param {Promise<unknown>} promise @param {string} what */
async function soon(promise, what) {
  /** @type {ReturnType<typeof later> | undefined} */
  let timer;
  const late = new Promise((_, reject) => (timer = later(() => reject(new Error(`${what} did not come`)), PATIENCE)));
  await Promise.race([promise, late]);
  not(timer);
}

/**
 * Begins to watch the page, and loads the library.
 * @param {{ implementation: string, signaling: string }} run implementation: the address of a module
 */
export async function watchEndings({ implementation, signaling }) {
  const page = watchPage();
  const { default: quickconnect } = await import(implementation);
  let rounds = 0;
  const join = (/** @type {string} */ id, /** @type {object} */ options = {}) =>
    quickconnect(signaling, { room: 'endings', id, ...options }).createDataChannel('talk');

  async function connectAndClose() {
    rounds += 1;
    const before = page.started;
    const qc = join(`guest-${rounds}`);
    await soon(new Promise((resolve) => qc.once('channel:opened', resolve)), `the call of round ${rounds}`);
    // A socket, a peer connection, and timers.
    if (page.started - before < 4)
      throw new Error(`the page saw only ${page.started - before} things start in round ${rounds}`);
    qc.close();
    await soon(
      until(() => page.living().length === 0),
      `the end of ${page.living()} in round ${rounds}`,
    );
  }

  /**
   * Has a listener end something at a moment, whereupon nothing may come but ends.
   * @param {typeof MOMENTS[number]} moment
   * @param {(qc: any) => void} end
   * @param {string[]} kept what goes on after it
   */
  async function endAt({ event, options, act }, end, kept) {
    rounds += 1;
    const qc = join(`guest-${rounds}`, options);
    /** @type {string[]} */
    const after = [];
    let hasEnded = false;
    for (const name of EVENTS) qc.on(name, () => hasEnded && !ENDS.includes(name) && after.push(name));
    if (act) qc.once('channel:opened', () => act(qc));
    await soon(
      new Promise((/** @type {(_?: unknown) => void} */ resolve) =>
        qc.once(event, () => {
          hasEnded = true;
          end(qc);
          later(resolve);
        }),
      ),
      event,
    );
    const living = () =>
      page
        .living()
        .filter((what) => !what.startsWith('a socket'))
        .join();
    if (living() !== kept.join()) throw new Error(`ended at ${event}, it leaves ${living()}`);
    if (after.length > 0) throw new Error(`ended at ${event}, it still says ${after}`);
    qc.close();
    await soon(
      until(() => page.living().length === 0),
      `the end of ${page.living()} after ${event}`,
    );
    if (after.length > 0) throw new Error(`ended at ${event}, it says ${after} later`);
  }

  return {
    async closeAnywhere() {
      for (const moment of MOMENTS) await endAt(moment, (qc) => qc.close(), []);
    },
    async endAnywhere() {
      for (const moment of MOMENTS_OF_A_PEER) await endAt(moment, (qc) => qc.endCall('host'), WITHOUT_CALL);
    },
    /** Is there for those who come and go. */
    async stay() {
      const qc = join('host').addStream(document.createElement('canvas').captureStream());
      await soon(new Promise((resolve) => qc.once('local:announce', resolve)), 'the announce of the host');
    },
    /** @param {number} count */
    async comeAndGo(count) {
      for (let played = 0; played < count; played += 1) await connectAndClose();
    },
    /** Of those who came and went nothing is left. Until it is asked for, the page keeps what it counts. */
    async beAlone() {
      const isAlone = () => page.living().join() === WITHOUT_CALL.join();
      await soon(until(isAlone), `the end of whatever is not ${WITHOUT_CALL}, of ${page.living()},`);
    },
  };
}

/** @param {() => boolean} condition */
async function until(condition) {
  while (!condition()) await new Promise((resolve) => later(resolve, 1));
}
