// @ts-check
// The options that belong to no other concern.

import { exposed } from './exposed.js';

/** @typedef {import('./side.js').Side} Side */

/** @type {import('./cases.js').Case[]} */
export const options = [
  {
    it: 'with debug the frames and the events go to the console',
    notInRust: { because: 'a program logs its events itself' },
    sides: [
      async (me) => {
        const { debug } = console;
        /** @type {string[]} */
        const lines = [];
        console.debug = (...details) => void lines.push(details.join(' '));
        try {
          const qc = me.join({ debug: true });
          await me.when(qc, 'local:announce');
          me.expect(
            lines.some((line) => line.includes(`/announce|${me.id}|`)),
            'the frame',
          );
          me.expect(
            lines.some((line) => line.includes('connected')),
            'the event',
          );
        } finally {
          console.debug = debug;
        }
      },
    ],
  },
  {
    it: 'what is announced within announceDelay travels together',
    notInRust: { because: 'each change of the profile is announced at once' },
    sides: [
      async (me) => {
        const qc = me.join({ announceDelay: 50 });
        await me.when(qc, 'local:announce');
        let announces = 0;
        qc.on('local:announce', () => announces++);
        qc.profile({ one: 1 });
        qc.profile({ two: 2 });
        const [attributes] = await me.when(qc, 'local:announce');
        me.expect(attributes.one === 1 && attributes.two === 2 && announces === 1, 'one announce with both');
      },
    ],
  },
  {
    it: 'endpoints are tried in their order, until one is a signaling server',
    notInRust: { because: 'its endpoints are fixed' },
    sides: [
      async (me) => {
        const qc = me.join({ endpoints: ['/code/quickconnect/js/index.js', '/'] });
        await me.when(qc, 'connected');
      },
    ],
  },
  {
    it: 'a server that does not answer within timeout counts as none',
    notInRust: { because: 'its patience is fixed' },
    raises: true,
    sides: [
      async (me) => {
        const { default: quickconnect } = await import(`${me.signaling}/code/quickconnect/js/index.js`);
        const since = performance.now();
        const qc = quickconnect(location.origin, {
          room: me.room,
          endpoints: ['/silent', '/silent'],
          timeout: 150,
          reconnect: false,
        });
        const [{ message }] = await me.when(qc, 'error');
        const took = performance.now() - since;
        qc.close();
        me.expect(/no signaling server answers/.test(message), message);
        me.expect(took >= 290, `both to have their time, not ${took} ms`);
      },
    ],
  },
  {
    it: 'a channel that the other side does not make within channelTimeout is made by us',
    notInRust: { sides: [0], because: 'nothing but the client gets at its hidden channel' },
    sides: [
      async (me) => {
        const { qc, hidden } = await exposed(me, { channelTimeout: 200 });
        await me.meet();
        // The other side can't be asked.
        hidden.send = () => {};
        qc.createDataChannel('own');
        await me.when(qc, 'channel:opened:own');
        await me.meet();
      },
      async (me) => {
        const qc = await me.connect();
        const opened = me.when(qc, 'channel:opened:own');
        await me.meet();
        await opened;
        await me.meet();
      },
    ],
  },
];
