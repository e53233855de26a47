// @ts-check
// Coming into a room, and who is seen there.

/** @typedef {import('./side.js').Side} Side */

/** @type {import('./cases.js').Case[]} */
export const joining = [
  {
    it: 'a client announces itself with its id, its room and its profile',
    sides: [
      async (me) => {
        const qc = me.join();
        qc.profile({ name: 'Ada' });
        const [attributes] = await me.when(qc, 'local:announce', ({ name }) => name);
        me.expect(
          attributes.id === me.id &&
            attributes.room === me.room &&
            attributes.name === 'Ada' &&
            typeof attributes.instance === 'string' &&
            attributes.connection === 1,
          `its attributes, not ${JSON.stringify(attributes)}`,
        );
        me.expect(qc.id === me.id && qc.room === me.room && qc.get('name') === 'Ada', 'the properties to say the same');
      },
    ],
  },
  {
    it: 'a client without an id makes one, and a new one each time',
    sides: [
      async (me) => {
        const ids = [me.join({ id: undefined }).id, me.join({ id: undefined }).id];
        me.expect(
          ids[0] !== ids[1] && ids.every((id) => typeof id === 'string' && id.length > 8),
          `two ids, not ${ids}`,
        );
      },
    ],
  },
  {
    it: 'an id that stands for none is made, and a number is its digits',
    notInRust: { sides: [0], because: 'ids are text' },
    sides: [
      async (me) => {
        for (const id of [null, '', false, NaN]) {
          const made = me.join({ id, manualJoin: true }).id;
          me.expect(typeof made === 'string' && made.length > 8, `a new id for ${id}, not ${made}`);
        }
        me.expect(me.join({ id: 0, manualJoin: true }).id === '0', 'the digit');
        const qc = me.join({ id: 42 });
        // The message may be here before our side of the call has started.
        const [, [word, peer]] = await Promise.all([me.when(qc, 'call:started'), me.when(qc, 'message:hello')]);
        me.expect(qc.id === '42' && word === 'you' && peer.id === me.other, 'a call, and a message to it alone');
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        const [id] = await me.when(qc, 'call:started');
        me.expect(id === '42', `42, not ${id}`);
        qc.to('42').send('/hello', 'you');
        await me.meet();
      },
    ],
  },
  {
    it: 'a room that is a number is its digits',
    notInRust: { because: 'names of rooms are text' },
    sides: [
      async (me) => {
        const qc = me.join({ room: 0 });
        await me.when(qc, 'local:announce');
        me.expect(qc.room === '0', `the room 0, not ${qc.room}`);
      },
    ],
  },
  {
    it: 'who announces an id and a room that are numbers is met',
    sides: [
      async (me) => {
        const qc = me.join({ room: '0' });
        await me.when(qc, 'local:announce');
        const met = me.when(qc, 'peer:announce', ({ id }) => id === '7');
        const socket = new WebSocket(me.signaling.replace('http', 'ws'));
        await me.event(socket, 'open');
        socket.send('/announce|7|{"id":7,"room":0}');
        const [data] = await met;
        socket.close();
        me.expect(data.room === '0', 'names as text');
      },
    ],
  },
  {
    it: 'a client without a room is in the room that the fragment of the address names, after ns',
    notInRust: { because: 'a program has no page, and names its room' },
    sides: [
      async (me) => {
        const before = location.href;
        history.replaceState(null, '', '#lobby');
        const named = me.join({ room: undefined, ns: 'ns-' }).room;
        const rooms = [undefined, null, '', false].map((room) => {
          history.replaceState(null, '', location.pathname);
          const entries = history.length;
          const random = me.join({ room }).room;
          me.expect(history.length === entries, 'no entry in the history');
          return random;
        });
        const random = rooms.at(-1);
        const fragment = location.hash.slice(1);
        history.replaceState(null, '', before);
        me.expect(new Set(rooms).size === rooms.length, `a room of its own each time, not ${rooms}`);
        me.expect(named === 'ns-#lobby', `ns-#lobby, not ${named}`);
        me.expect(
          fragment.length > 8 && random === `#${fragment}`,
          `a fragment that is the room ${random}, not ${fragment}`,
        );
      },
    ],
  },
  {
    it: 'connected comes before local:announce',
    sides: [
      async (me) => {
        const qc = me.join();
        /** @type {string[]} */
        const events = [];
        for (const event of ['connected', 'local:announce']) qc.on(event, () => events.push(event));
        await me.when(qc, 'local:announce');
        me.expect(events.join() === 'connected,local:announce', events.join());
      },
    ],
  },
  {
    it: 'with manualJoin a client is connected and announces nothing before join()',
    sides: [
      async (me) => {
        const qc = me.join({ manualJoin: true });
        let announced = 0;
        qc.on('local:announce', () => announced++);
        await me.when(qc, 'connected');
        await me.meet();
        await me.meet();
        me.expect(announced === 0 && qc.peers.size === 0, 'nobody to be met');
        const started = me.when(qc, 'call:started');
        qc.join();
        await started;
        me.expect(announced > 0, 'an announce');
      },
      async (me) => {
        await me.meet();
        const qc = me.join();
        await me.when(qc, 'local:announce');
        await me.meet();
        await me.when(qc, 'call:started');
      },
    ],
  },
  {
    it: 'with autoreply off a newcomer is not answered, and finds nobody',
    notInRust: { sides: [0], because: 'every newcomer is answered' },
    sides: [
      async (me) => {
        const qc = me.join({ autoreply: false });
        await me.when(qc, 'local:announce');
        const announced = me.when(qc, 'peer:announce');
        await me.meet();
        await announced;
        await me.meet();
      },
      async (me) => {
        await me.meet();
        const qc = me.join();
        let announces = 0;
        qc.on('peer:announce', () => announces++);
        await me.meet();
        me.expect(announces === 0, 'no announce');
      },
    ],
  },
  {
    it: 'peers of different rooms never meet, and announce({ room }) moves a peer',
    notInRust: { sides: [0], because: 'a client stays in its room' },
    sides: [
      async (me) => {
        const qc = me.join({ room: `${me.room}-other` });
        await me.when(qc, 'local:announce');
        await me.meet();
        me.expect(qc.peers.size === 0, 'nobody');
        const started = me.when(qc, 'call:started');
        qc.announce({ room: me.room });
        await started;
        me.expect(qc.room === me.room, 'the new room');
      },
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'local:announce');
        await me.meet();
        await me.when(qc, 'call:started');
      },
    ],
  },
  {
    it: 'a peer that moves keeps its calls, and is forgotten by those it left once they are over',
    notInRust: { sides: [0], because: 'a client stays in its room' },
    sides: [
      async (me) => {
        const [stays, waits] = me.others;
        const qc = me.join();
        qc.createDataChannel('through');
        const [, channel] = await me.when(qc, 'channel:opened', (id) => id === stays);
        await me.meet();
        qc.announce({ room: `${me.room}-other` });
        await me.when(qc, 'call:started', (id) => id === waits);
        const heard = me.event(channel, 'message');
        channel.send('still here');
        await heard;
        qc.endCall(stays);
        me.expect(!qc.peers.has(stays) && qc.peers.has(waits) && qc.calls.size === 1, 'nobody of the room it left');
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        const [, channel] = await me.when(qc, 'channel:opened');
        channel.onmessage = (/** @type {MessageEvent} */ { data }) => channel.send(data);
        const ended = me.when(qc, 'call:ended');
        await me.meet();
        await ended;
        await me.until(() => qc.peers.size === 0, 'an empty room');
        await me.meet();
      },
      async (me) => {
        const qc = me.join({ room: `${me.room}-other` });
        await me.meet();
        await me.until(() => [...qc.calls.values()].some(({ active }) => active), 'a call');
        await me.meet();
        me.expect(qc.peers.size === 1, 'one peer');
      },
    ],
  },
  {
    it: 'the events of a new call come in order, with their arguments, under both spellings',
    notInRust: { because: 'peer:connected and peer:couple hand over what it keeps to itself, and events are no names' },
    sides: [watchEvents, watchEvents],
  },
  {
    it: 'a peer is announced, then called, then connected, and its channels come last',
    sides: [watchCall, watchCall],
  },
  {
    it: 'peer:filter hears of every peer first, and keeps out whom it refuses',
    sides: [
      async (me) => {
        const qc = me.join();
        /** @type {string[]} */
        const events = [];
        for (const event of ['peer:connected', 'peer:announce', 'peer:connect']) qc.on(event, () => events.push(event));
        const refused = me.when(qc, 'peer:filter', (id, data) => {
          data.allow = false;
          return id === me.other;
        });
        await refused;
        await me.meet();
        me.expect(events.length === 0 && qc.peers.size === 0 && qc.calls.size === 0, `nothing after it, not ${events}`);
      },
      async (me) => {
        me.join();
        await me.meet();
      },
    ],
  },
  {
    it: 'a new profile is a peer:update on the other side, and no new call',
    original: true,
    sides: [
      async (me) => {
        const qc = me.join();
        let calls = 0;
        qc.on('call:started', () => calls++);
        await me.when(qc, 'call:started');
        await me.meet();
        qc.profile({ name: 'Ada' });
        await me.meet();
        me.expect(calls === 1, `one call, not ${calls}`);
      },
      async (me) => {
        const qc = me.join();
        let calls = 0;
        qc.on('call:started', () => calls++);
        await me.when(qc, 'call:started');
        const updated = me.when(qc, 'peer:update', (data) => data.name === 'Ada');
        await me.meet();
        await updated;
        await me.meet();
        me.expect(calls === 1, `one call, not ${calls}`);
      },
    ],
  },
  {
    it: 'of two peers the one with the lower id is the master',
    sides: [isMaster, isMaster],
  },
  {
    it: 'off ends on, and once hears one event',
    notInRust: { because: 'events are a stream, without listeners' },
    sides: [
      async (me) => {
        const qc = me.join();
        const counted = { on: 0, off: 0, once: 0 };
        const forget = () => (counted.off += 1);
        qc.on('local:announce', () => (counted.on += 1));
        qc.on('local.announce', forget);
        qc.once('local:announce', () => (counted.once += 1));
        qc.off('local:announce', forget);
        await me.when(qc, 'local:announce');
        qc.profile({ again: true });
        await me.when(qc, 'local:announce');
        me.expect(
          counted.on === 2 && counted.off === 0 && counted.once === 1,
          `two, none and one, not ${JSON.stringify(counted)}`,
        );
      },
    ],
  },
  {
    it: 'options of the original that are gone warn once, and do no harm',
    notInRust: { because: 'the compiler warns' },
    sides: [
      async (me) => {
        const { warn } = console;
        /** @type {string[]} */
        const warnings = [];
        console.warn = (...words) => warnings.push(words.join(' '));
        const qc = me.join({ plugins: [], constraints: {}, schemes: [] });
        console.warn = warn;
        await me.when(qc, 'local:announce');
        me.expect(
          warnings.length === 1 && /plugins.*constraints.*schemes/s.test(warnings[0]),
          `one warning, not ${warnings}`,
        );
      },
    ],
  },
  {
    it: 'a server that is not there is an error that says so, and close() stops the search',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join({ through: 'http://127.0.0.1:9' });
        const [error] = await me.when(qc, 'error');
        qc.close();
        me.expect(/no signaling server answers/i.test(error.message), error.message);
      },
    ],
  },
  ...[3, 5].map((count) => ({
    it: `${count} peers are all connected with each other`,
    sides: Array.from({ length: count }, () => async (/** @type {Side} */ me) => {
      const qc = await me.connect();
      me.expect(
        qc.peers.size === count - 1 && qc.calls.size === count - 1,
        `${count - 1} peers and calls, not ${qc.peers.size} and ${qc.calls.size}`,
      );
    }),
  })),
];

/** @param {Side} me */
async function watchEvents(me) {
  const qc = me.join();
  /** @type {[string, any[]][]} */
  const heard = [];
  const names = ['peer:connected', 'peer:announce', 'peer:connect', 'peer:couple', 'call:started'];
  for (const name of names) {
    qc.on(name, (/** @type {any[]} */ ...args) => heard.some(([known]) => known === name) || heard.push([name, args]));
  }
  const dotted = me.when(qc, 'call.started');
  await me.when(qc, 'call:started');
  await dotted;
  me.expect(heard.map(([name]) => name).join() === names.join(), `${names}, not ${heard.map(([name]) => name)}`);
  const {
    'peer:connected': connected,
    'peer:announce': announce,
    'peer:connect': connect,
    'peer:couple': couple,
    'call:started': started,
  } = Object.fromEntries(heard);
  me.expect(connected[0] === me.other && connected[1].id === me.other, 'peer:connected(id, data)');
  me.expect(
    announce[0].id === me.other && announce[0].room === me.room && announce[1].id === me.other,
    'peer:announce(data, peer)',
  );
  for (const [name, args] of Object.entries({ connect, couple, started })) {
    me.expect(
      args[0] === me.other && args[1] instanceof RTCPeerConnection && args[2].id === me.other,
      `${name}(id, pc, data)`,
    );
  }
  me.expect(typeof couple[3].on === 'function', 'peer:couple(…, monitor)');
  me.expect(
    started[1].connectionState === 'connected' || started[1].iceConnectionState.match(/connected|completed/),
    'a connection',
  );
}

/** @param {Side} me */
async function watchCall(me) {
  const qc = me.join();
  /** @type {string[]} */
  const heard = [];
  const names = ['connected', 'local:announce', 'peer:announce', 'peer:connect', 'call:started', 'channel:opened'];
  for (const name of names) qc.on(name, () => heard.push(name));
  qc.createDataChannel('talk');
  await me.when(qc, 'channel:opened');
  me.expect(heard.join() === names.join(), `${names}, not ${heard}`);
  await me.meet();
}

/** @param {Side} me */
async function isMaster(me) {
  const qc = await me.connect();
  me.expect(qc.isMaster(me.other) === me.id < me.other, 'the order of the ids');
}
