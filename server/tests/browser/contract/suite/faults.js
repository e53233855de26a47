// @ts-check
// What happens when the signaling server goes, when a peer falls silent, and when it talks nonsense.

import { exposed } from './exposed.js';

/** @typedef {import('./side.js').Side} Side */

/** @type {import('./cases.js').Case[]} */
export const faults = [
  ...[0.3, 16].map((seconds) => ({
    it: `a call outlives ${seconds} s without the signaling server, which is found again`,
    raises: true,
    slow: seconds > 1,
    sides: [outlive(seconds * 1_000, true), outlive(seconds * 1_000, false)],
  })),
  {
    it: 'whoever left or came while the server was away is dropped or found',
    raises: true,
    sides: [
      stay(true),
      stay(false),
      async (me) => {
        const qc = me.join();
        await me.until(() => started(qc) === 2, 'two calls');
        await me.meet();
        await me.meet();
        qc.close();
        await me.meet();
        await me.meet();
      },
      async (me) => {
        await me.meet();
        await me.meet();
        const qc = me.join();
        await me.when(qc, 'error', ({ message }) => /no signaling server answers/i.test(message));
        await me.meet();
        await me.until(() => started(qc) === 2, 'a call with both who stayed');
        me.expect(qc.peers.size === 2, 'nobody else');
        await me.meet();
      },
    ],
  },
  {
    it: 'with reconnect off a client does not come back by itself',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join({ reconnect: false });
        await me.when(qc, 'connected');
        const away = me.when(qc, 'disconnected');
        await me.server('stop');
        await away;
        await me.server('start');
        let connected = 0;
        qc.on('connected', () => connected++);
        // By now another would be back.
        await me.when(me.join({ id: 'another' }), 'local:announce');
        await new Promise((resolve) => setTimeout(resolve, 500));
        me.expect(connected === 0, 'silence');
      },
    ],
  },
  {
    it: 'a client whose network dropped has its id back at once, and a stranger does not get it',
    raises: true,
    sides: [
      async (me) => {
        const witness = me.join({ id: 'witness' });
        const qc = me.join({ through: me.detour });
        await me.when(qc, 'call:started');
        let ended = 0;
        witness.on('call:ended', () => ended++);
        const away = me.when(qc, 'disconnected');
        await me.link('detour', 'cut');
        await away;
        const seen = me.when(witness, 'peer:update');
        await me.when(qc, 'connected');
        const since = performance.now();
        await seen;
        // Of whoever can't prove that the id is its own, the server waits 2 s for the silent socket first.
        const took = performance.now() - since;
        me.expect(took < 1_900, `to have it at once, not after ${took} ms`);

        const stranger = me.join();
        await me.when(stranger, 'error', ({ message }) => /another connection has taken our id/i.test(message));
        me.expect(stranger.peers.size === 0, 'a stranger who meets nobody');
        const heard = me.when(witness, 'message:hello');
        qc.send('/hello');
        await heard;
        me.expect(ended === 0 && qc.calls.get('witness').active, 'the call to go on');
      },
    ],
  },
  {
    it: 'a page that may not send requests finds the server again too',
    notInRust: { because: 'it sends no requests' },
    raises: true,
    sides: [
      async (me) => {
        const { fetch } = globalThis;
        globalThis.fetch = (input, init) =>
          init?.method === 'HEAD' ? Promise.reject(new TypeError('forbidden')) : fetch(input, init);
        try {
          const qc = me.join();
          await me.when(qc, 'connected');
          const away = me.when(qc, 'disconnected');
          await me.server('stop');
          await away;
          await me.server('start');
          await me.when(qc, 'local:announce');
        } finally {
          globalThis.fetch = fetch;
        }
      },
    ],
  },
  {
    it: 'a server that takes a client in only to turn it away is tried more and more seldom',
    raises: true,
    sides: [
      async (me) => {
        /** @type {number[]} */
        const attempts = [];
        const { WebSocket } = globalThis;
        Object.assign(globalThis, {
          WebSocket: class {
            constructor() {
              attempts.push(performance.now());
              setTimeout(() => {
                for (const data of ['primus::hello', '/error|{"code":"server-full","message":"The server is full."}'])
                  this.onmessage({ data });
                this.onclose({ code: 1013 });
              });
            }
            onmessage(/** @type {object} */ _) {}
            onclose(/** @type {object} */ _) {}
            send() {}
            close() {}
          },
        });
        try {
          const qc = me.join();
          await me.until(() => attempts.length === 5, 'five attempts');
          qc.close();
        } finally {
          Object.assign(globalThis, { WebSocket });
        }
        // At least half of 0.2, 0.4, 0.8 and 1.6 s.
        const took = attempts[4] - attempts[0];
        me.expect(took > 1_450, `more and more time between the attempts, not ${took} ms for all`);
      },
    ],
  },
  {
    it: 'a peer that falls silent is noticed after four heartbeats',
    notInRust: { sides: [1], because: 'nothing but the client gets at its hidden channel' },
    sides: [
      async (me) => {
        const heartbeat = 250;
        const qc = me.join({ heartbeat });
        await me.when(qc, 'call:started');
        await me.meet();
        const since = performance.now();
        const ended = me.when(qc, 'call:ended', (id) => id === me.other);
        const [id, pc] = await me.when(qc, 'call:expired');
        const took = performance.now() - since;
        me.expect(id === me.other && me.isConnection(pc), 'call:expired(id, pc)');
        me.expect(took < 4 * heartbeat + 500, `at most four heartbeats, not ${took} ms`);
        await ended;
        await me.meet();
      },
      async (me) => {
        const { hidden } = await exposed(me, { heartbeat: 0 });
        hidden.send = () => {};
        await me.meet();
        await me.meet();
      },
    ],
  },
  {
    it: 'nonsense over the hidden channel is an error that names the peer, and the call goes on',
    notInRust: { sides: [0], because: 'nothing but the client gets at its hidden channel' },
    raises: true,
    sides: [
      async (me) => {
        const { hidden } = await exposed(me, {});
        await me.meet();
        for (const nonsense of ['', '{', 'null', '{"open":{}}', '<img src=x onerror=alert(1)>']) hidden.send(nonsense);
        hidden.send(new Uint8Array(9));
        await me.meet();
      },
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        await me.until(() => me.errors.length === 5, 'five errors');
        me.expect(
          me.errors.every((error) => /** @type {any} */ (error).peerId === me.other),
          `errors of ${me.other}`,
        );
        me.expect(qc.calls.get(me.other).active, 'the call');
        await me.meet();
      },
    ],
  },
];

/** Counts the sockets that this page opens. */
function countSockets() {
  const { WebSocket } = globalThis;
  let count = 0;
  globalThis.WebSocket = class extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} args */
    constructor(...args) {
      super(...args);
      count += 1;
    }
  };
  return {
    stop() {
      globalThis.WebSocket = WebSocket;
      return count;
    },
  };
}

/** Calls that have started. @param {any} qc */
const started = (qc) => [...qc.calls.values()].filter(({ active }) => active).length;

/** @param {number} outage in ms @param {boolean} isOperator stops and starts the server */
function outlive(outage, isOperator) {
  return async (/** @type {Side} */ me) => {
    const qc = me.join();
    qc.createDataChannel('through');
    const [, channel, , pc] = await me.when(qc, 'channel:opened');
    let connections = 0;
    qc.on('peer:connect', () => connections++);
    const away = me.when(qc, 'disconnected');
    await me.meet();
    if (isOperator) await me.server('stop');
    await away;
    // Both sides may be in this page.
    const sockets = isOperator ? countSockets() : undefined;
    const heard = me.event(channel, 'message');
    await me.meet();
    channel.send('without the server');
    await heard;
    await new Promise((resolve) => setTimeout(resolve, outage));
    const back = Promise.all(['connected', 'local:announce'].map((event) => me.when(qc, event)));
    await me.meet();
    if (isOperator) await me.server('start');
    await back;
    // Browsers hold back the sockets of a page where many have failed. Two blind tries of both endpoints, and the one that opens; a server that
    // is just beginning may refuse one.
    const opened = sockets?.stop() ?? 0;
    me.expect(opened <= 6, `few sockets to be tried, not ${opened}`);
    const updated = me.when(qc, 'peer:update', ({ survived }) => survived);
    const heardAgain = me.event(channel, 'message');
    await me.meet();
    qc.profile({ survived: true });
    channel.send('and with it');
    await updated;
    await heardAgain;
    me.expect(
      connections === 0 && qc.calls.get(me.other).pc === pc && qc.peers.size === 1,
      'the same call, and no other',
    );
    me.expect(me.errors.length === 1 && /went away/.test(me.errors[0].message), `one error, not ${me.errors}`);
    await me.meet();
  };
}

/** @param {boolean} isOperator */
function stay(isOperator) {
  return async (/** @type {Side} */ me) => {
    const [, leaver, comer] = me.others;
    const qc = me.join();
    await me.until(() => started(qc) === 2, 'two calls');
    const away = me.when(qc, 'disconnected');
    await me.meet();
    if (isOperator) await me.server('stop');
    await away;
    await me.meet();
    await me.until(() => !qc.peers.has(leaver) && !qc.calls.has(leaver), `the end of ${leaver}`);
    await me.meet();
    if (isOperator) await me.server('start');
    await me.until(() => qc.calls.get(comer)?.active, `a call with ${comer}`);
    me.expect(started(qc) === 2 && qc.peers.size === 2, 'two calls');
    await me.meet();
  };
}
