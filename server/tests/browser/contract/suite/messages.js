// @ts-check
// Messages through the signaling server, what is filtered, and what is refused.
import { standIn } from './stand-in.js';

/** @typedef {import('./side.js').Side} Side */

/** @type {import('./cases.js').Case[]} */
export const messages = [
  {
    it: 'a message to the room arrives with its values, and the peer that sent it',
    sides: [
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        qc.send('/hello', 1, 'x|y', { z: '|' }, null);
        await me.meet();
      },
      async (me) => {
        const qc = await me.connect();
        const heard = me.when(qc, 'message:hello');
        await me.meet();
        const [one, text, object, nothing, peer] = await heard;
        me.expect(one === 1 && text === 'x|y' && object.z === '|' && nothing === null, 'the values');
        me.expect(peer.id === me.other && peer.data.id === me.other, 'the peer');
        await me.meet();
      },
    ],
  },
  {
    it: 'a text with half of a surrogate pair arrives as it was',
    notInRust: { because: 'a text of Rust has no half pairs' },
    sides: [
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        qc.send('/half', 'of a pair: \ud83c', 'more');
        await me.meet();
      },
      async (me) => {
        const qc = await me.connect();
        const heard = me.when(qc, 'message:half');
        await me.meet();
        const [half, more] = await heard;
        me.expect(half === 'of a pair: \ud83c' && more === 'more', `both, not ${JSON.stringify([half, more])}`);
        await me.meet();
      },
    ],
  },
  {
    it: 'values travel in the frames that encoding.json names',
    notInRust: { sides: [0], because: 'its frames do not come by here; its own tests read encoding.json' },
    sides: [
      async (me) => {
        const vectors = await encoding();
        const qc = await me.connect();
        const frames = watchFrames();
        for (const { value } of vectors) {
          qc.send('/value', value);
          qc.to(me.other).send('/value', value);
        }
        const [sent, sentToOne] = [`/value|${me.id}|`, `/to|${me.other}|/value|${me.id}|`].map((start) =>
          frames.stop(start),
        );
        for (const fields of [sent, sentToOne])
          me.expect(
            JSON.stringify(fields) === JSON.stringify(vectors.map(({ field }) => field)),
            `the fields of encoding.json, not ${fields}`,
          );
        await me.meet();
      },
      async (me) => {
        await me.connect();
        await me.meet();
      },
    ],
  },
  {
    it: 'every value arrives as what it was',
    sides: [
      async (me) => {
        const values = (await encoding()).map(({ value }) => value);
        const qc = await me.connect();
        await me.meet();
        for (const send of [qc.send, qc.to(me.other).send]) {
          for (const value of values) send('/value', value);
          send('/all', ...values);
        }
        await me.meet();
      },
      async (me) => {
        const vectors = await encoding();
        const values = vectors.map(({ value }) => value);
        const qc = await me.connect();
        /** @type {unknown[]} */
        const heard = [];
        qc.on('message:value', (/** @type {unknown} */ value) => heard.push(value));
        /** @type {unknown[][]} */
        const whole = [];
        qc.on('message:all', (/** @type {unknown[]} */ ...args) => whole.push(args.slice(0, -1)));
        await me.meet();
        await me.until(() => whole.length === 2, 'two messages with all values');
        me.expect(
          JSON.stringify(heard) === JSON.stringify([...values, ...values]),
          `the values, not ${JSON.stringify(heard)}`,
        );
        for (const args of whole)
          me.expect(JSON.stringify(args) === JSON.stringify(values), `all values, not ${JSON.stringify(args)}`);
        await me.meet();
      },
    ],
  },
  {
    it: 'a message to one peer does not reach the others',
    sides: [
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        qc.to(me.others[0]).send('/secret');
        qc.send('/everybody');
        await me.meet();
      },
      hearing(1),
      hearing(0),
    ],
  },
  {
    it: 'messages that are sent before the server is there wait for it',
    sides: [
      async (me) => {
        await me.meet();
        const qc = me.join();
        qc.send('/early', 'bird');
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'local:announce');
        const heard = me.when(qc, 'message:early');
        await me.meet();
        me.expect((await heard)[0] === 'bird', 'the message');
        await me.meet();
      },
    ],
  },
  {
    it: 'messages that are sent while the socket is away wait for the next one',
    raises: true,
    sides: [
      async (me) => {
        const qc = me.join({ through: me.detour });
        await me.when(qc, 'local:announce');
        await me.meet();
        const away = me.when(qc, 'disconnected');
        await me.link('detour', 'cut');
        await away;
        qc.send('/late', 'bird').to(me.other).send('/late', 'bee');
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'local:announce');
        /** @type {string[]} */
        const heard = [];
        qc.on('message:late', (/** @type {string} */ word) => heard.push(word));
        await me.meet();
        await me.until(() => heard.length === 2, 'two messages');
        me.expect(heard.join() === 'bird,bee', `both in order, not ${heard}`);
        await me.meet();
      },
    ],
  },
  {
    it: 'a command without its slash is a TypeError',
    notInRust: { because: 'its commands have no slash' },
    sides: [
      async (me) => {
        const qc = me.join();
        refuses(me, () => qc.send('hello'));
        refuses(me, () => qc.to('b').send('hello'));
      },
    ],
  },
  {
    it: 'a command that is empty, or has a separator, is refused',
    sides: [
      async (me) => {
        const qc = me.join();
        refuses(me, () => qc.send('/a|b'));
        refuses(me, () => qc.send('/'));
        refuses(me, () => qc.to('b').send('/a|b'));
      },
    ],
  },
  {
    it: 'sdpfilter gets every description of ours, and filterCandidate every candidate of theirs',
    notInRust: { because: 'it has no filters' },
    sides: [filtering, filtering],
  },
  {
    it: 'ICE servers are asked for at each call, with the peer they are for',
    notInRust: { sides: [0], because: 'its ICE servers are a list' },
    sides: [
      async (me) => {
        /** @type {any[]} */
        const asked = [];
        const iceServers = [{ urls: 'stun:127.0.0.1:3478' }];
        const qc = await me.connect({
          ice(/** @type {any} */ options, /** @type {Function} */ callback) {
            asked.push(options.targetPeer);
            setTimeout(callback, 50, null, iceServers);
          },
        });
        const { pc } = qc.calls.get(me.other);
        me.expect(asked.join() === me.other, `one question, not ${asked}`);
        me.expect(
          pc.getConfiguration().iceServers[0].urls.toString() === 'stun:127.0.0.1:3478',
          'the servers in the peer connection',
        );
      },
      async (me) => void (await me.connect()),
    ],
  },
  {
    it: 'ICE servers of the signaling server are used for who names none',
    notInRust: {
      because: 'its connections do not show their servers; a test of the server has two that only meet by the relay',
    },
    sides: [
      async (me) => {
        const iceServers = [{ urls: 'stun:127.0.0.1:3478' }];
        const server = standIn(me.id, [{ iceServers }]);
        try {
          for (const { options, expected } of [
            { options: {}, expected: 'stun:127.0.0.1:3478' },
            { options: { iceServers: [] }, expected: '' },
            { options: { iceServers: [{ urls: 'stun:127.0.0.1:3479' }] }, expected: 'stun:127.0.0.1:3479' },
            { options: { ice: [{ urls: 'stun:127.0.0.1:3480' }] }, expected: 'stun:127.0.0.1:3480' },
          ]) {
            const qc = me.join(options);
            await me.when(qc, 'local:announce');
            const connecting = me.when(qc, 'peer:connect');
            server.announce('z');
            const [, pc] = await connecting;
            /** @type {RTCIceServer[]} */
            const used = pc.getConfiguration().iceServers;
            const urls = used.map((server) => String(server.urls)).join();
            me.expect(urls === expected, `${JSON.stringify(options)} leads to ${urls}`);
            qc.close();
          }
        } finally {
          server.stop();
        }
      },
    ],
  },
  {
    it: 'ICE servers of the signaling server that are too many, too long or of no use count as none',
    notInRust: { because: 'its connections do not show their servers; its own tests read such greetings' },
    sides: [
      async (me) => {
        const urls = ['stun:127.0.0.1:3478'];
        const turn = { urls: ['turn:127.0.0.1:3478'], username: 'ann' };
        const room = 4_096 - turn.urls[0].length - turn.username.length;
        const given = [
          { iceServers: Array(8).fill({ urls }), count: 8 },
          { iceServers: Array(9).fill({ urls }), count: 0 },
          { iceServers: [{ ...turn, credential: 'c'.repeat(room) }], count: 1 },
          { iceServers: [{ ...turn, credential: 'c'.repeat(room + 1) }], count: 0 },
          { iceServers: 'stun:127.0.0.1:3478', count: 0 },
          ...[7, null, {}, { urls: 7 }, { urls: [[]] }, { ...turn, credential: 7 }].map((server) => ({
            iceServers: [{ urls }, server],
            count: 0,
          })),
        ];
        const server = standIn(
          me.id,
          given.map(({ iceServers }) => ({ iceServers })),
        );
        try {
          for (const { iceServers, count } of given) {
            const qc = me.join();
            await me.when(qc, 'local:announce');
            const connecting = me.when(qc, 'peer:connect');
            server.announce('z');
            const [, pc] = await connecting;
            const used = pc.getConfiguration().iceServers.length;
            me.expect(used === count, `${count} servers, not ${used}, of ${JSON.stringify(iceServers).slice(0, 100)}`);
            qc.close();
          }
        } finally {
          server.stop();
        }
      },
    ],
  },
  ...[
    {
      what: 'can not be found',
      ice: (/** @type {any} */ _, /** @type {Function} */ callback) => callback(new Error('no credentials')),
    },
    {
      what: 'throw where they are looked for',
      ice: () => {
        throw new Error('no credentials');
      },
    },
  ].map(({ what, ice }) => ({
    it: `ICE servers that ${what} are an error that names the peer`,
    notInRust: { sides: [0], because: 'its ICE servers are a list' },
    raises: true,
    sides: [
      async (/** @type {Side} */ me) => {
        const qc = me.join({ ice });
        const [error] = await me.when(qc, 'error');
        me.expect(error.peerId === me.other && /ICE servers/.test(error.message), String(error));
        await me.meet();
      },
      async (/** @type {Side} */ me) => {
        me.join();
        await me.meet();
      },
    ],
  })),
  ...[
    { what: 'a description of no kind', command: '/sdp', data: { type: 'rollback', sdp: '<b>' } },
    {
      what: 'a description that is no SDP',
      command: '/sdp',
      data: { type: 'offer', sdp: 'v=0\r\n<img src=x onerror=alert(1)>' },
    },
    { what: 'no description', command: '/sdp', data: null },
    {
      what: 'a candidate that is none',
      command: '/candidate',
      data: { candidate: 'candidate:<script>', sdpMid: '<script>' },
    },
    { what: 'an announce without a room', command: '/announce', data: { id: 1 } },
  ].map(({ what, command, data }) => ({
    it: `${what} is an error that names the peer, and the call goes on`,
    raises: true,
    sides: [
      async (/** @type {Side} */ me) => {
        const qc = me.join();
        qc.createDataChannel('through');
        const [, channel] = await me.when(qc, 'channel:opened');
        await me.meet();
        qc.to(me.other).send(command, data);
        await me.meet();
        channel.send('still here');
        await me.meet();
      },
      async (/** @type {Side} */ me) => {
        const qc = me.join();
        const [, channel] = await me.when(qc, 'channel:opened');
        const failed = me.when(qc, 'error');
        const heard = me.event(channel, 'message');
        await me.meet();
        const [error] = await failed;
        me.expect(
          error instanceof Error && /** @type {any} */ (error).peerId === me.other,
          `an error of ${me.other}, not ${error}`,
        );
        await me.meet();
        await heard;
        me.expect(qc.calls.get(me.other).active, 'the call');
        await me.meet();
      },
    ],
  })),
  {
    it: 'frames that are no frames hurt nobody',
    raises: true,
    sides: [
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        const socket = new WebSocket(me.signaling.replace('http', 'ws'));
        await me.event(socket, 'open');
        for (const frame of [
          '',
          '/',
          '/to',
          '/to|',
          `/to|${me.other}`,
          '/announce|{',
          '/sdp|{"id":"x"}|nonsense',
          '\u0000',
          '/x'.repeat(5_000),
        ])
          socket.send(frame);
        socket.send(`/announce|{"id":"stranger"}|{"id":"stranger","room":"${me.room}-nowhere"}`);
        await me.event(socket, 'message');
        socket.close();
        await me.meet();
        me.expect(qc.calls.get(me.other).active, 'the call');
      },
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        await me.meet();
        me.expect(qc.calls.get(me.other).active, 'the call');
      },
    ],
  },
];

/** @param {Side} me @param {() => void} act */
function refuses(me, act) {
  try {
    act();
  } catch (error) {
    return me.expect(error instanceof TypeError, String(error));
  }
  me.expect(false, 'an exception');
}

/** What values look like in a frame. @returns {Promise<{ value: unknown, field: string }[]>} */
const encoding = async () => (await fetch('/encoding.json')).json();

/** Notes the frames that this page sends. */
function watchFrames() {
  const { send } = WebSocket.prototype;
  /** @type {string[]} */
  const frames = [];
  WebSocket.prototype.send = function (data) {
    frames.push(String(data));
    send.call(this, data);
  };
  return {
    /** Returns what follows this start in the frames that have it. @param {string} start */
    stop(start) {
      WebSocket.prototype.send = send;
      return frames.filter((frame) => frame.startsWith(start)).map((frame) => frame.slice(start.length));
    },
  };
}

/** @param {number} secrets how many shall arrive */
function hearing(secrets) {
  return async (/** @type {Side} */ me) => {
    const qc = await me.connect();
    let heard = 0;
    qc.on('message:secret', () => heard++);
    const all = me.when(qc, 'message:everybody');
    await me.meet();
    await all;
    me.expect(heard === secrets, `${secrets} secrets, not ${heard}`);
    await me.meet();
  };
}

/** @param {Side} me */
async function filtering(me) {
  /** @type {string[]} */
  const descriptions = [];
  /** @type {any[]} */
  const candidates = [];
  const qc = await me.connect({
    sdpfilter: (/** @type {string} */ sdp, /** @type {unknown} */ pc) => {
      me.expect(pc instanceof RTCPeerConnection, 'the peer connection');
      descriptions.push(sdp);
      return sdp;
    },
    filterCandidate: (/** @type {any} */ candidate) => candidates.push(candidate) > 0,
  });
  me.expect(descriptions.length > 0 && descriptions.every((sdp) => sdp.startsWith('v=0')), 'descriptions');
  await me.until(() => candidates.some(({ candidate }) => candidate.startsWith('candidate:')), 'a candidate');
  me.expect(qc.calls.size === 1, 'a call');
  await me.meet();
}
