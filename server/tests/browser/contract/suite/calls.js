// @ts-check
// How calls start, end, and begin anew.

/** @typedef {import('./side.js').Side} Side */

/** Stays in the room until the other side has done its part. @param {Side} me */
async function stay(me) {
  const qc = await me.connect();
  await me.meet();
  return qc;
}

/** @type {import('./cases.js').Case[]} */
export const calls = [
  {
    it: 'a call starts with nothing added',
    sides: [stay, stay],
  },
  {
    it: 'a call starts when one side has a channel that the other knows nothing of',
    original: true,
    sides: [
      async (me) => {
        const qc = me.join();
        qc.createDataChannel('any');
        await me.when(qc, 'call:started');
      },
      async (me) => void (await me.connect()),
    ],
  },
  {
    it: 'waitForCall hands over the peer connection, before and after the call has started',
    notInRust: { sides: [0], because: 'it hands over no peer connection' },
    sides: [
      async (me) => {
        const qc = me.join();
        const early = new Promise((resolve) =>
          qc.waitForCall(me.other, (/** @type {null} */ error, /** @type {any} */ pc) => resolve(error ?? pc)),
        );
        const [, pc] = await me.when(qc, 'call:started');
        const late = new Promise((resolve) =>
          qc.waitForCall(me.other, (/** @type {null} */ error, /** @type {any} */ pc) => resolve(error ?? pc)),
        );
        me.expect((await early) === pc && (await late) === pc, 'the same peer connection');
      },
      async (me) => void (await me.connect()),
    ],
  },
  {
    it: 'peers and calls list who is there, and what is open',
    sides: [
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'channel:opened');
        const call = qc.calls.get(me.other);
        me.expect(qc.peers.get(me.other).data.id === me.other, 'the peer');
        me.expect(call.active && me.isConnection(call.pc) && call.channels.has('one'), 'the call, with its channel');
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        qc.createDataChannel('one');
        await me.when(qc, 'channel:opened');
        await me.meet();
      },
    ],
  },
  {
    it: 'endCall ends the call on both sides, and it stays ended until one side reconnects',
    sides: [
      async (me) => {
        const qc = await stay(me);
        const ended = me.when(qc, 'call:ended');
        qc.endCall(me.other);
        await ended;
        const updated = me.when(qc, 'peer:update');
        qc.profile({ after: 'the end' });
        await me.meet();
        await updated;
        me.expect(qc.calls.size === 0 && qc.peers.size === 1, 'a peer without a call');
        await me.meet();
        const again = me.when(qc, 'call:started');
        await me.meet();
        await again;
      },
      async (me) => {
        const qc = await me.connect();
        const ended = me.when(qc, 'call:ended');
        const updated = me.when(qc, 'peer:update', (data) => data.after === 'the end');
        await me.meet();
        await ended;
        await updated;
        await me.meet();
        qc.profile({ after: 'that' });
        me.expect(qc.calls.size === 0 && qc.peers.size === 1, 'a peer without a call');
        await me.meet();
        await me.meet();
        const again = me.when(qc, 'call:started');
        qc.reconnectTo(me.other);
        await again;
      },
    ],
  },
  {
    it: 'endCalls ends every call, and leaves nobody out of the room',
    sides: [
      async (me) => {
        const qc = await stay(me);
        const ended = me.soonAll(qc, 'call:ended');
        qc.endCalls();
        await ended;
        me.expect(qc.calls.size === 0 && qc.peers.size === 2, 'two peers without a call');
      },
      endedBy(1),
      endedBy(1),
    ],
  },
  {
    it: 'reconnectTo ends the call and begins a new one',
    sides: [
      async (me) => {
        const qc = await stay(me);
        const before = qc.calls.get(me.other).pc;
        const again = me.when(qc, 'call:started');
        qc.reconnectTo(me.other);
        await again;
        me.expect(
          before.connectionState === 'closed' && qc.calls.get(me.other).pc !== before,
          'another peer connection',
        );
        await me.meet();
      },
      async (me) => {
        const qc = await me.connect();
        const again = me.when(qc, 'call:started');
        await me.meet();
        await again;
        await me.meet();
        me.expect(qc.calls.size === 1, 'one call');
      },
    ],
  },
  {
    it: 'close ends every call on both sides, and the peer is forgotten',
    original: true,
    sides: [
      async (me) => {
        const qc = await stay(me);
        const away = me.when(qc, 'disconnected');
        qc.close();
        await away;
      },
      async (me) => {
        const qc = await me.connect();
        const ended = me.when(qc, 'call:ended', (id) => id === me.other);
        await me.meet();
        await ended;
      },
    ],
  },
  {
    it: 'a peer that comes back with its id is called again',
    sides: [
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        qc.close();
        const again = me.join();
        await me.when(again, 'call:started');
      },
      async (me) => {
        const qc = await me.connect();
        const ended = me.when(qc, 'call:ended');
        const again = me.when(qc, 'call:started');
        await me.meet();
        await ended;
        await again;
        me.expect(qc.peers.size === 1 && qc.calls.size === 1, 'one peer, one call');
      },
    ],
  },
  {
    it: 'leave and join on the same object leave the room and come back',
    notInRust: { sides: [0], because: 'a client that is closed is gone' },
    sides: [
      async (me) => {
        const qc = await stay(me);
        qc.leave();
        await me.meet();
        const again = me.when(qc, 'call:started');
        qc.join();
        await again;
      },
      async (me) => {
        const qc = await me.connect();
        const ended = me.when(qc, 'call:ended');
        await me.meet();
        await ended;
        await me.until(() => qc.peers.size === 0, 'an empty room');
        const again = me.when(qc, 'call:started');
        await me.meet();
        await again;
      },
    ],
  },
  {
    it: 'the monitor of a call hears connected, and closed at the end',
    notInRust: { sides: [0], because: 'a call has no events of its own' },
    sides: [
      async (me) => {
        const qc = me.join();
        /** @type {string[]} */
        const states = [];
        qc.on('peer:couple', (/** @type {any[]} */ ...[, , , monitor]) =>
          ['connected', 'closed'].map((name) => monitor.on(name, () => states.push(name))),
        );
        await me.when(qc, 'call:started');
        await me.meet();
        qc.endCalls();
        me.expect(states.join() === 'connected,closed', states.join());
      },
      stay,
    ],
  },
  {
    it: 'a call that finds no way fails in its time, on the side that gives it up',
    sides: [
      async (me) => {
        const qc = me.join({ failTimeout: 500, ...me.unreachable });
        const failed = me.when(qc, 'call:failed', (id, pc) => id === me.other && me.isConnection(pc));
        const ended = me.when(qc, 'call:ended', (id) => id === me.other);
        await failed;
        await ended;
        await me.meet();
      },
      async (me) => {
        me.join({ failTimeout: 500, ...me.unreachable });
        await me.meet();
      },
    ],
  },
  {
    it: 'an ICE restart of the other side keeps the call, and everything in it',
    notInRust: { sides: [0], because: 'it hands over no peer connection' },
    sides: [
      async (me) => {
        const qc = me.join({ reactive: true });
        qc.createDataChannel('through');
        const [, channel] = await me.when(qc, 'channel:opened');
        await restarts(me, qc, true);
        const echoed = me.event(channel, 'message');
        channel.send('still here');
        await echoed;
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        const [, channel] = await me.when(qc, 'channel:opened');
        channel.onmessage = (/** @type {MessageEvent} */ { data }) => channel.send(data);
        for (let meeting = 0; meeting < 3; meeting += 1) await me.meet();
        me.expect(qc.calls.get(me.other).active, 'the call');
      },
    ],
  },
  {
    it: 'an ICE restart by either side keeps the call, and everything in it',
    notInRust: { because: 'it hands over no peer connection' },
    sides: [
      async (me) => {
        const qc = me.join({ reactive: true });
        qc.createDataChannel('through');
        const [, channel] = await me.when(qc, 'channel:opened');
        await restarts(me, qc, true);
        await restarts(me, qc, false);
        const echoed = me.event(channel, 'message');
        channel.send('still here');
        await echoed;
      },
      async (me) => {
        const qc = me.join({ reactive: true });
        const [, channel] = await me.when(qc, 'channel:opened');
        channel.onmessage = (/** @type {MessageEvent} */ { data }) => channel.send(data);
        await restarts(me, qc, false);
        await restarts(me, qc, true);
      },
    ],
  },
];

/** @param {number} count of `meet` before the end comes */
function endedBy(count) {
  return async (/** @type {Side} */ me) => {
    const qc = await me.connect();
    const ended = me.when(qc, 'call:ended', (id) => id === me.other);
    for (let meeting = 0; meeting < count; meeting += 1) await me.meet();
    await ended;
    me.expect(qc.peers.size === 2 && qc.calls.size === 1, 'the others to be there');
  };
}

/**
 * Restarts ICE here, or has it restarted over there, and waits until there is a new way. No browser raises an event for that.
 * @param {Side} me
 * @param {any} qc
 * @param {boolean} isHere
 */
async function restarts(me, qc, isHere) {
  const { pc } = qc.calls.get(me.other);
  const before = (await localCandidates(pc)).map(({ port }) => port);
  await me.meet();
  if (isHere) pc.restartIce();
  await me.until(
    async () => (await localCandidates(pc)).some(({ port, works }) => works && !before.includes(port)),
    'an ICE restart',
  );
  await me.meet();
}

/** Our candidates, and which of them have found a way. @param {RTCPeerConnection} pc @returns {Promise<{ port: number, works: boolean }[]>} */
async function localCandidates(pc) {
  const stats = [...(await pc.getStats()).values()];
  // Firefox says which pair it has selected. Chromium may keep the way it has as long as that works.
  const working = stats.filter(
    ({ type, selected, state }) => type === 'candidate-pair' && (selected ?? state === 'succeeded'),
  );
  const ours = working.map(({ localCandidateId }) => localCandidateId);
  return stats
    .filter(({ type }) => type === 'local-candidate')
    .map(({ id, port }) => ({ port, works: ours.includes(id) }));
}
