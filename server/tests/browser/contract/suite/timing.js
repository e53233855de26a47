// @ts-check
// Slow ways, silent servers, busy pages: whatever takes longer than between two tabs of one machine.

import { exposed } from './exposed.js';
import { standIn } from './stand-in.js';

/** @typedef {import('./side.js').Side} Side */

/** Joins once the other side is there, and calls it. @param {import('./side.js').Side} me */
async function comesLate(me) {
  await me.meet();
  const qc = me.join({ through: me.brisk });
  await me.when(qc, 'call:started');
  await me.meet();
}

/** @type {import('./cases.js').Case[]} */
export const timing = [
  {
    it: 'a client connects at 600 ms each way, without an error',
    slow: true,
    sides: [
      async (me) => {
        const qc = me.join({ through: me.slow });
        const started = me.when(qc, 'call:started');
        await me.meet();
        await started;
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        await me.meet();
        await me.when(qc, 'call:started');
        await me.meet();
      },
    ],
  },
  {
    it: 'a page that is busy while its forty clients connect hears of no error',
    notInRust: { because: 'it does not share a thread with its page' },
    sides: [
      async (me) => {
        const clients = Array.from({ length: 40 }, (_, index) =>
          me.join({ room: `${me.room}-${index}`, id: `client-${index}` }),
        );
        let connected = 0;
        for (const qc of clients) qc.on('local:announce', () => connected++);
        // Each time longer than a socket has to open.
        for (let round = 0; round < 3; round += 1) {
          keepBusy(1_100);
          await new Promise((resolve) => setTimeout(resolve));
        }
        await me.until(() => connected === 40, 'forty announces');
      },
    ],
  },
  {
    it: 'a peer that answers late keeps its call while its socket is away',
    notInRust: { sides: [0], because: 'nothing but the client gets at its hidden channel' },
    raises: true,
    sides: [
      async (me) => {
        const { WebSocket } = globalThis;
        /** @type {WebSocket | undefined} */
        let socket;
        globalThis.WebSocket = class extends WebSocket {
          /** @param {ConstructorParameters<typeof WebSocket>} args */
          constructor(...args) {
            super(...args);
            socket ??= this;
          }
        };
        const joined = exposed(me, {});
        globalThis.WebSocket = WebSocket;
        const { qc, hidden } = await joined;
        const { send } = hidden;
        let late = 0;
        hidden.send = (/** @type {any} */ message) => {
          setTimeout(() => hidden.readyState === 'open' && send.call(hidden, message), message === 'pong' ? 100 : 0);
          if (message === 'pong') late += 1;
        };
        await me.until(() => late > 2, 'late answers');
        await me.meet();
        const back = me.when(qc, 'local:announce');
        socket?.close();
        await back;
        await me.meet();
        me.expect(qc.calls.get(me.other).active, 'the call');
      },
      async (me) => {
        const qc = await me.connect({ heartbeat: 500 });
        let ended = 0;
        qc.on('call:ended', () => ended++);
        const seen = me.when(qc, 'peer:update');
        await me.meet();
        await seen;
        await me.meet();
        me.expect(ended === 0, 'the call to go on');
      },
    ],
  },
  {
    it: 'a client whose socket is half open comes back to its call, and knows who is there',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join({ through: me.halfOpen });
        await me.when(qc, 'call:started');
        await me.meet();
        const away = me.when(qc, 'disconnected');
        const since = performance.now();
        await me.link('half-open', 'forget');
        await away;
        const took = performance.now() - since;
        me.expect(took < 2 * me.pingPeriod + 1_000, `two ping periods, not ${took} ms`);
        await me.when(qc, 'peer:update');
        const [, peer] = await me.when(qc, 'message:hello', (_, from) => from.id === me.other);
        me.expect(qc.calls.get(me.other).active && peer.data.id === me.other, 'the call');
        qc.endCall(me.other);
        me.expect(qc.peers.has(me.other), 'the peer to be in the room yet');
        me.expect(me.errors.length === 1 && /went away/.test(me.errors[0].message), `one error, not ${me.errors}`);
        await me.meet();
      },
      async (me) => {
        const qc = me.join({ through: me.brisk });
        await me.when(qc, 'call:started');
        const back = me.when(qc, 'peer:update');
        await me.meet();
        await back;
        qc.to(me.other).send('/hello', 'again');
        await me.meet();
        me.expect(me.errors.length === 0, `no error, not ${me.errors}`);
      },
    ],
  },
  {
    it: 'a client whose socket is half open meets who came meanwhile',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join({ through: me.halfOpen });
        await me.when(qc, 'local:announce');
        await me.link('half-open', 'forget');
        await me.meet();
        await me.when(qc, 'call:started');
        await me.meet();
      },
      comesLate,
    ],
  },
  {
    it: 'a call that a half-open socket kept from starting begins anew',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join({ through: me.halfOpen });
        const [late, early] = me.others;
        // Whoever is called is in the room.
        await me.when(qc, 'call:started', (id) => id === early);
        // Otherwise the call may start before the socket is half open.
        await me.link('half-open', 'freeze-to-server');
        const connect = me.when(qc, 'peer:connect', (id) => id === late);
        await me.meet();
        await connect;
        await me.link('half-open', 'forget');
        await me.link('half-open', 'thaw');
        await me.when(qc, 'call:started', (id) => id === late);
        await me.meet();
      },
      async (me) => {
        await me.meet();
        const qc = me.join({ through: me.brisk });
        await me.when(qc, 'call:started', (id) => id === me.other);
        await me.meet();
      },
      async (me) => {
        me.join({ through: me.brisk });
        await me.meet();
        await me.meet();
      },
    ],
  },
  {
    it: 'only a server that says how often it pings has to',
    raises: true,
    sides: [
      async (me) => {
        const odd = [
          {},
          { pingSeconds: 0 },
          { pingSeconds: -0.1 },
          { pingSeconds: null },
          { pingSeconds: 'often' },
          { pingSeconds: 1e9 },
        ];
        const server = standIn(me.id, [...odd, { pingSeconds: 0.05 }]);
        try {
          for (const _ of odd) me.join();
          me.join();
          await me.until(() => server.sockets === odd.length + 3, 'the third socket of one client');
          me.expect(
            me.errors.length === 2 && me.errors.every(({ message }) => /went away/.test(message)),
            `two errors of one client, not ${me.errors}`,
          );
        } finally {
          server.stop();
        }
      },
    ],
  },
];

/** Keeps this page from whatever it would do. @param {number} ms */
function keepBusy(ms) {
  const since = performance.now();
  let now = since;
  while (now - since < ms) now = performance.now();
}
