// @ts-check
// What listeners do in the middle of an event, and what they may count on.

import { picture } from './media.js';

/** @typedef {import('./side.js').Side} Side */

/** @type {import('./cases.js').Case[]} */
export const listeners = [
  {
    it: 'a listener hears as often as it was added, once hears once, and one that is taken off meanwhile hears nothing',
    notInRust: { because: 'events are a stream, without listeners' },
    sides: [
      async (me) => {
        const qc = me.join();
        let both = 0;
        let taken = 0;
        const count = () => both++;
        const never = () => taken++;
        qc.on('local:announce', count).once('local:announce', count);
        qc.on('local:announce', () => qc.off('local:announce', never)).on('local:announce', never);
        await me.when(qc, 'local:announce');
        me.expect(both === 2 && taken === 0, `two and none, not ${both} and ${taken}`);
        qc.profile({ again: true });
        await me.when(qc, 'local:announce');
        me.expect(both === 3, `three, not ${both}`);
        qc.off('local:announce', count).profile({ again: false });
        await me.when(qc, 'local:announce');
        me.expect(both === 3, `three yet, not ${both}`);
      },
    ],
  },
  {
    it: 'a call that is ended while its ICE servers are looked up is never made',
    notInRust: { sides: [0], because: 'its ICE servers are a list' },
    sides: [
      async (me) => {
        /** @type {(() => void) | undefined} */
        let found;
        const qc = me.join({
          ice: (/** @type {any} */ _, /** @type {Function} */ callback) => (found = () => callback(null, [])),
        });
        let made = 0;
        qc.on('peer:connect', () => made++);
        await me.when(qc, 'peer:announce');
        await me.until(() => found, 'the question');
        qc.endCall(me.other);
        found?.();
        me.expect(made === 0 && qc.calls.size === 0 && qc.peers.has(me.other), 'a peer without a call');
        await me.meet();
      },
      async (me) => {
        me.join();
        await me.meet();
      },
    ],
  },
  {
    it: 'who ends a call at its first stream hears of no other',
    notInRust: { because: 'its tracks are fed by a program, and are no streams' },
    sides: [
      async (me) => {
        me.join().addStream(picture()).addStream(picture());
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        /** @type {string[]} */
        const heard = [];
        for (const event of ['stream:added', 'stream:removed']) qc.on(event, () => heard.push(event));
        qc.on('stream:added', () => qc.endCall(me.other));
        await me.when(qc, 'call:ended');
        me.expect(heard.join() === 'stream:added,stream:removed', `one stream, not ${heard}`);
        await me.meet();
      },
    ],
  },
  {
    it: 'the handlers of a stream are left to the page',
    notInRust: { because: 'its tracks are fed by a program, and are no streams' },
    sides: [
      async (me) => {
        const stream = picture();
        const qc = me.join({ reactive: true }).addStream(stream);
        await me.when(qc, 'call:started');
        await me.meet();
        qc.removeStream(stream);
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        const [, stream] = await me.when(qc, 'stream:added');
        let removed = 0;
        stream.onremovetrack = () => removed++;
        const gone = me.when(qc, 'stream:removed');
        await me.meet();
        await gone;
        await me.until(() => removed === 1, 'the event at the handler of the page');
        await me.meet();
      },
    ],
  },
  {
    it: 'who closes and joins again when the server goes is connected once',
    notInRust: { because: 'a client that is closed is gone' },
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'connected');
        let connected = 0;
        qc.on('connected', () => connected++);
        qc.once('disconnected', () => qc.close().join());
        const away = me.when(qc, 'disconnected');
        await me.server('stop');
        await away;
        await me.server('start');
        await me.when(qc, 'local:announce');
        // Whatever else was begun would be through by now.
        await me.when(me.join({ id: 'another' }), 'local:announce');
        me.expect(
          connected === 1 && me.errors.every(({ message }) => !/went away/.test(message)),
          `one connection, not ${connected}, and ${me.errors}`,
        );
      },
    ],
  },
];
