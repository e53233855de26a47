// @ts-check
// A page's part in the contract: takes the sides that it is told of, each with the implementation it is told, and keeps the outcome.

import { cases } from './cases.js';
import { watchEndings } from './endings.js';
import { witness } from './losses.js';
import { agreeAlways } from './negotiation.js';

/** How long, in ms, a side waits for anything: far longer than anything takes. */
const PATIENCE = 15_000;

/**
 * @typedef {object} Run one run of one case
 * @property {string} it which case
 * @property {string} room
 * @property {string} signaling
 * @property {string} detour another way to the same server
 * @property {string} slow one with 600 ms each way, and 1 Mbit/s
 * @property {string} brisk a server that pings often
 * @property {string} halfOpen a way there
 * @property {number} pingPeriod how often it does, in ms
 * @property {string[]} ids of the sides
 * @property {string[]} implementations of the sides: the address of a module
 * @property {number[]} here the sides that this page takes
 */

/** What a side of a case has. @typedef {Awaited<ReturnType<typeof createSide>>['side']} Side */

/** @param {Run} run @param {number} index */
async function createSide({ ids, implementations, ...run }, index) {
  const { room, signaling } = run;
  const { default: quickconnect, ...library } = await import(implementations[index]);
  /** @type {any[]} */
  const clients = [];
  /** @type {Error[]} */
  const errors = [];
  let meetings = 0;

  /** @template T @param {Promise<T>} promise @param {string} what @returns {Promise<T>} */
  const soon = (promise, what) =>
    Promise.race([
      promise,
      new Promise((_, reject) => setTimeout(() => reject(new Error(`${what} did not come`)), PATIENCE)),
    ]);

  const side = {
    ...run,
    library,
    /** Whether this is what the library gives out for the connection of a call. @param {unknown} value */
    isConnection: (value) => value instanceof (library.Connection ?? RTCPeerConnection),
    /** Options with which no way is found to another who has them. @type {Record<string, unknown>} */
    unreachable: library.unreachable ?? {
      filterCandidate: () => false,
      sdpfilter: (/** @type {string} */ sdp) => sdp.replaceAll(/^a=candidate.*\r\n/gm, ''),
    },
    isOriginal: implementations[index].endsWith('/original.js'),
    id: ids[index],
    others: ids.filter((_, other) => other !== index),
    /** The first of them. */
    other: ids[index === 0 ? 1 : 0],
    /** What `error` brought. */
    errors,

    /** Joins the room of this run; what is joined is closed when the run is over. @param {{ through?: string } & Record<string, unknown>} [options] */
    join({ through = signaling, ...options } = {}) {
      const qc = quickconnect(through, { room, id: ids[index], ...options });
      clients.push(qc);
      qc.on('error', (/** @type {Error} */ error) => errors.push(error));
      return qc;
    },

    /** Joins, and is called by everybody. @param {Record<string, unknown>} [options] */
    async connect(options) {
      const qc = side.join(options);
      await side.soonAll(qc, 'call:started');
      return qc;
    },

    /** @param {any} qc @param {string} event one from every other side */
    async soonAll(qc, event) {
      const missing = new Set(side.others);
      await side.when(qc, event, (/** @type {string} */ id) => missing.delete(id) && missing.size === 0);
    },

    /** The arguments of the next event that is accepted. @param {any} qc @param {string} event @param {(...args: any[]) => unknown} [accept] @returns {Promise<any[]>} */
    when(qc, event, accept = () => true) {
      return soon(
        new Promise((resolve) => qc.on(event, (/** @type {any[]} */ ...args) => accept(...args) && resolve(args))),
        `${event} at ${ids[index]}`,
      );
    },

    /** @param {() => unknown} condition perhaps a promise of it @param {string} what @param {number} [patience] in ms */
    async until(condition, what, patience = PATIENCE) {
      const started = performance.now();
      while (!(await condition())) {
        if (performance.now() - started > patience) throw new Error(`${what} did not come`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },

    /** The next event of a DOM object. @param {EventTarget} target @param {string} event */
    event: (target, event) =>
      soon(new Promise((resolve) => target.addEventListener(event, resolve, { once: true })), event),

    /** Waits until every side is here, in this case for the same time. */
    async meet() {
      meetings += 1;
      const response = await fetch(`/meet/${room}/${meetings}/${ids.length}`, {
        method: 'POST',
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (!response.ok) throw new Error(await response.text());
    },

    /**
     * Does something to a way to the server. `cut`: the clients' sockets that are open end, and the server hears nothing of it. `forget`: they
     * pass nothing any more, and never end. `freeze-…`: nothing passes in this direction until `thaw`, also of later sockets.
     * @param {'detour' | 'slow' | 'half-open'} which
     * @param {'cut' | 'forget' | 'freeze-to-server' | 'freeze-to-client' | 'thaw'} what
     */
    link: (which, what) => fetch(`/link/${which}/${what}`, { method: 'POST' }),

    /** Stops or starts the signaling server. @param {'stop' | 'start'} what */
    server: (what) => fetch(`/server/${what}`, { method: 'POST' }),

    /** @param {unknown} condition @param {string} what */
    expect(condition, what) {
      if (!condition) throw new Error(`${ids[index]} expected ${what}`);
    },
  };
  const close = () => clients.forEach((qc) => qc.close());
  return { side, close };
}

/** @param {Run} run */
async function play(run) {
  const found = cases.find(({ it }) => it === run.it);
  if (!found) throw new Error('there is no such case');
  const sides = await Promise.all(run.here.map((index) => createSide(run, index)));
  try {
    await Promise.all(
      sides.map(async ({ side }, here) => {
        await found.sides[run.here[here]](side);
        if (!found.raises && side.errors.length > 0) throw new Error(`${side.id} raised ${side.errors.map(String)}`);
        await side.meet();
      }),
    );
  } finally {
    sides.forEach(({ close }) => close());
  }
}

/** What the harness calls. */
const contract = {
  cases: cases.map(({ it, sides, original = false, current = true, slow = false, notInRust }) => ({
    it,
    sides: sides.length,
    original,
    current,
    slow,
    not_in_rust: notInRust && { sides: [...sides.keys()], ...notInRust },
  })),
  /** Of whatever is over, by its name: that of a run is its room. @type {Record<string, { error?: string }>} */
  outcomes: {},
  /** What the harness does with a witness. @type {Awaited<ReturnType<typeof witness>> | undefined} */
  witness: undefined,
  /** Counts what ends. @type {Awaited<ReturnType<typeof watchEndings>> | undefined} */
  endings: undefined,

  /** @param {Run} run */
  start: (run) => keep(run.room, play(run)),
  /** @param {string} implementation @param {number} seed @param {number} runs */
  negotiate: (implementation, seed, runs) => keep('negotiation', agreeAlways(implementation, seed, runs)),
  /** @param {Parameters<typeof watchEndings>[0]} run */
  watchEndings: async (run) => void (contract.endings = await watchEndings(run)),
  /** Has the watched client do something. @param {string} name @param {'stay' | 'comeAndGo' | 'beAlone' | 'closeAnywhere' | 'endAnywhere'} what @param {number} count */
  end: (name, what, count) =>
    keep(name, /** @type {NonNullable<typeof contract.endings>} */ (contract.endings)[what](count)),

  /** @param {Parameters<typeof witness>[0]} run */
  watch: async (run) => void (contract.witness = await witness(run)),
};

/** Keeps how something ends. @param {string} name @param {Promise<void>} promise */
function keep(name, promise) {
  promise.then(
    () => (contract.outcomes[name] = {}),
    (error) => (contract.outcomes[name] = { error: `${error.message}\n${error.stack}` }),
  );
}

Object.assign(globalThis, { contract });
