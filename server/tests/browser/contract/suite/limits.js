// @ts-check
// What a peer, or the page itself, has too much of: calls, words about itself, bytes in one frame.

import { standIn } from './stand-in.js';

/** @typedef {import('./side.js').Side} Side */

/** A socket that says whatever it likes, in the room of this run. @param {Side} me */
async function announced(me) {
  const socket = new WebSocket(me.signaling.replace('http', 'ws'));
  await me.event(socket, 'open');
  const say = (/** @type {string} */ frame) => socket.send(frame);
  /** @param {object} data @param {string} [before] */
  const announce = (data, before = '') =>
    say(`${before}/announce|${me.id}|${JSON.stringify({ id: me.id, room: me.room, ...data })}`);
  announce({ instance: 'first' });
  await me.event(socket, 'message');
  return { socket, say, announce };
}

/** @type {import('./cases.js').Case[]} */
export const limits = [
  ...[
    {
      what: 'asks for new calls again and again',
      attack: (
        /** @type {Awaited<ReturnType<typeof announced>>} */ { say },
        /** @type {string} */ victim,
        /** @type {string} */ id,
      ) => {
        say(`/to|${victim}|/ready|${id}`);
        say(`/to|${victim}|/reconnect|${id}|`);
      },
    },
    {
      what: 'comes as a new page again and again',
      attack: (
        /** @type {Awaited<ReturnType<typeof announced>>} */ { announce },
        /** @type {string} */ victim,
        /** @type {string} */ _,
        /** @type {number} */ round,
      ) => announce({ instance: `page ${round}` }, `/to|${victim}|`),
    },
  ].map(({ what, attack }) => ({
    it: `a member that ${what} gets few, and four newcomers are called`,
    raises: true,
    sides: [
      async (/** @type {Side} */ me) => {
        const qc = me.join();
        let connections = 0;
        qc.on('peer:connect', (/** @type {string} */ id) => (connections += Number(id === me.other)));
        /** @type {Set<string>} */
        const started = new Set();
        qc.on('call:started', (/** @type {string} */ id) => started.add(id));
        await me.when(qc, 'local:announce');
        const since = performance.now();
        const called = me.when(qc, 'peer:connect', (id) => id === me.other);
        const attacked = me.when(qc, 'message:attacked');
        await me.meet();
        await called;
        await me.meet();
        await attacked;
        // At once, after at least 0.5 s, after at least 1 s more, and so on.
        const allowed = 1 + Math.log2(1 + (performance.now() - since) / 500);
        me.expect(connections <= allowed, `at most ${Math.floor(allowed)} calls, not ${connections}`);
        const newcomers = ['n1', 'n2', 'n3', 'n4'];
        for (const id of newcomers) me.join({ id });
        await me.until(() => newcomers.every((id) => started.has(id)), 'the calls with four newcomers');
        await me.meet();
      },
      async (/** @type {Side} */ me) => {
        await me.meet();
        const raw = await announced(me);
        await me.meet();
        for (let round = 0; round < 200; round += 1) attack(raw, me.other, me.id, round);
        raw.say(`/to|${me.other}|/attacked|${me.id}`);
        for (let round = 200; round < 400; round += 1) attack(raw, me.other, me.id, round);
        await me.meet();
        raw.socket.close();
      },
    ],
  })),
  {
    it: 'a profile takes the place of the one before',
    sides: [
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'local:announce');
        const last = me.when(qc, 'peer:update', (data) => data.last);
        await me.meet();
        await last;
        const { data } = qc.peers.get(me.other);
        await me.meet();
        me.expect(
          Object.keys(data).sort().join() === 'id,instance,last,room',
          `what was said last, not ${Object.keys(data)}`,
        );
      },
      async (me) => {
        await me.meet();
        const { socket, announce } = await announced(me);
        for (let round = 0; round < 20; round += 1)
          announce({ instance: 'first', [`word ${round}`]: 'x'.repeat(1_000) });
        announce({ instance: 'first', last: true });
        await me.meet();
        socket.close();
      },
    ],
  },
  {
    it: 'a profile that is too large is one error with both sizes, and the one before stays',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join().profile({ name: 'Ada' });
        await me.when(qc, 'call:started');
        let away = 0;
        qc.on('disconnected', () => away++);
        qc.profile({ name: 'Bob', avatar: 'x'.repeat(70_000) });
        await me.until(() => me.errors.length > 0, 'an error');
        qc.profile({ town: 'London' });
        await me.meet();
        me.expect(
          me.errors.length === 1 && /\/announce has 70\d\d\d bytes, and at most \d+ are/.test(me.errors[0].message),
          `one error with both sizes, not ${me.errors}`,
        );
        me.expect(qc.get('name') === 'Ada' && away === 0, 'the profile before, and the socket');
      },
      async (me) => {
        const qc = me.join();
        const updated = me.when(qc, 'peer:update', ({ town }) => town);
        const [{ name, avatar }] = await updated;
        me.expect(name === 'Ada' && avatar === undefined, 'the profile before, and what came after it');
        await me.meet();
      },
    ],
  },
  {
    it: 'frames that the server would not take are not sent, and are an error once, with both sizes',
    raises: true,
    sides: [
      async (me) => {
        const server = standIn(me.id, [{ maxFrameBytes: 2_000 }]);
        try {
          const qc = me.join().profile({ name: 'Ada' });
          await me.when(qc, 'local:announce');
          qc.send('/long', 'x'.repeat(2_000)).send('/short');
          await server.hears(me, 'short');
          me.expect(
            me.errors.length === 1 && /\/long has 20\d\d bytes, and .* at most 2000/.test(me.errors[0].message),
            `one error, not ${me.errors}`,
          );
          me.expect(
            server.heard.every((frame) => frame.length <= 2_000),
            'short frames only',
          );
        } finally {
          server.stop();
        }
      },
    ],
  },
  {
    it: 'a call whose description the server would not take fails with one error, and is not made again',
    notInRust: { because: 'without media its descriptions are short' },
    raises: true,
    sides: [
      async (me) => {
        const server = standIn(me.id, [{ maxFrameBytes: 2_000 }]);
        try {
          const qc = me.join();
          await me.when(qc, 'local:announce');
          // As many media sections as there are tracks.
          for (let count = 0; count < 3; count += 1) qc.addStream(document.createElement('canvas').captureStream());
          const failed = me.when(qc, 'call:failed');
          const ended = me.when(qc, 'call:ended');
          server.announce('zoe');
          await failed;
          await ended;
          me.expect(
            me.errors.length === 1 && /\/sdp has \d+ bytes/.test(me.errors[0].message),
            `one error, not ${me.errors}`,
          );
          const updated = me.when(qc, 'peer:update', (data) => data.word === 'again');
          server.announce('zoe', 'again');
          await updated;
          me.expect(
            qc.calls.size === 0 && server.sockets === 1 && me.errors.length === 1,
            'no other call, and the same socket',
          );
          me.expect(
            server.heard.every((frame) => frame.length <= 2_000),
            'short frames only',
          );
        } finally {
          server.stop();
        }
      },
    ],
  },
  {
    it: 'a server that names no limit and closes is not sent the same again',
    raises: true,
    sides: [
      async (me) => {
        const server = standIn(me.id, [{}], { closesAt: 4_000 });
        try {
          const qc = me.join().profile({ avatar: 'x'.repeat(5_000) });
          const [attributes] = await me.when(qc, 'local:announce', ({ avatar }) => !avatar);
          qc.send('/short');
          await server.hears(me, 'short');
          me.expect(
            attributes.id === me.id && server.sockets === 2,
            'an announce without the profile, and no third socket',
          );
          me.expect(
            me.errors.length === 1 && /\/announce has 5\d\d\d bytes, and .* at most 5\d\d\d/.test(me.errors[0].message),
            `one error, not ${me.errors}`,
          );
        } finally {
          server.stop();
        }
      },
    ],
  },
  {
    it: 'a server that refuses the sockets of a client is tried more and more seldom, and is one error',
    raises: true,
    sides: [
      async (me) => {
        const server = standIn(me.id, [{}], { refuses: true });
        try {
          me.join();
          await me.until(() => server.openedAt.length > 8, 'the fifth try of the first endpoint');
          // The other is tried at once. At least half of 0.2, 0.4, 0.8 and 1.6 s.
          const took = server.openedAt[8] - server.openedAt[0];
          me.expect(
            took > 1_450 && me.errors.length === 1,
            `one error, and more and more time, not ${took} ms for all`,
          );
        } finally {
          server.stop();
        }
      },
    ],
  },
];
