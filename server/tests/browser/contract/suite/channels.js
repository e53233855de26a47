// @ts-check
// Data channels: whoever declares them, whenever.

/** @typedef {import('./side.js').Side} Side */

/** @param {boolean} declares @param {RTCDataChannelInit} [config] */
function before(declares, config) {
  return async (/** @type {Side} */ me) => {
    const qc = me.join();
    if (declares) qc.createDataChannel('talk', config);
    const [opened, named] = await Promise.all([me.when(qc, 'channel:opened'), me.when(qc, 'channel:opened:talk')]);
    for (const [id, channel, data, pc] of [opened, named]) {
      me.expect(
        id === me.other &&
          channel.label === 'talk' &&
          channel.readyState === 'open' &&
          data.id === me.other &&
          me.isConnection(pc),
        'channel:opened(id, channel, data, pc)',
      );
    }
    const heard = me.event(opened[1], 'message');
    await me.meet();
    opened[1].send('hello');
    await heard;
    await me.meet();
  };
}

/** @param {boolean} declares @param {RTCDataChannelInit} [config] */
function during(declares, config) {
  return async (/** @type {Side} */ me) => {
    const qc = await me.connect();
    const opened = me.when(qc, 'channel:opened:late');
    await me.meet();
    if (declares) qc.createDataChannel('late', config);
    await opened;
    await me.meet();
    me.expect(qc.calls.get(me.other).channels.size === 1, 'one channel');
  };
}

/** @type {import('./cases.js').Case[]} */
export const channels = [
  {
    it: 'a channel that both sides declare opens once on both, and carries messages',
    original: true,
    sides: [before(true), before(true)],
  },
  { it: 'a channel that one side declares opens on both', sides: [before(true), before(false)] },
  {
    it: 'a channel that both declare with the same negotiated id opens on both',
    sides: [before(true, { negotiated: true, id: 7 }), before(true, { negotiated: true, id: 7 })],
  },
  { it: 'a channel that one side declares during a call opens on both', sides: [during(true), during(false)] },
  { it: 'a channel that both sides declare during a call opens once on both', sides: [during(true), during(true)] },
  {
    it: 'a channel that both declare with the same negotiated id during a call opens on both',
    sides: [during(true, { negotiated: true, id: 7 }), during(true, { negotiated: true, id: 7 })],
  },
  {
    it: 'a channel is ordered, and has its protocol, on both sides',
    sides: [configured(true), configured(false)],
  },
  {
    it: 'a channel sends again as often as it may on both sides',
    notInRust: { because: 'the webrtc crate 0.21 does not say it of channels that the other side made' },
    sides: [configured(true, true), configured(false, true)],
  },
  {
    it: 'ten labels open, each once',
    sides: [many, many],
  },
  {
    it: 'a channel that one side closes is channel:closed on both',
    sides: [
      async (me) => {
        const qc = me.join();
        qc.createDataChannel('short');
        const [, channel] = await me.when(qc, 'channel:opened:short');
        const closed = Promise.all([me.when(qc, 'channel:closed'), me.when(qc, 'channel:closed:short')]);
        await me.meet();
        channel.close();
        await closed;
        await me.meet();
      },
      async (me) => {
        const qc = me.join();
        await me.when(qc, 'channel:opened:short');
        const closed = me.when(qc, 'channel:closed:short');
        await me.meet();
        const [id, channel, label] = await closed;
        me.expect(
          id === me.other && channel.readyState === 'closed' && label === 'short',
          'channel:closed:short(id, channel, label)',
        );
        await me.meet();
        me.expect(qc.calls.get(me.other).channels.size === 0, 'no channel');
      },
    ],
  },
  {
    it: 'requestChannel hands over a channel, now or once it is open, and refuses who is not called',
    notInRust: { sides: [0], because: 'channels come as events only' },
    sides: [
      async (me) => {
        const qc = await me.connect();
        const asked = new Promise((resolve) =>
          qc.requestChannel(me.other, 'wanted', (/** @type {null} */ _, /** @type {any} */ channel) =>
            resolve(channel),
          ),
        );
        await me.meet();
        const channel = await asked;
        me.expect(channel.label === 'wanted', 'the channel');
        qc.requestChannel(me.other, 'wanted', (/** @type {null} */ _, /** @type {any} */ same) =>
          me.expect(same === channel, 'the same channel'),
        );
        try {
          qc.requestChannel('nobody', 'wanted', () => {});
        } catch (error) {
          return me.expect(/no call with nobody/.test(String(error)), String(error));
        }
        me.expect(false, 'an exception');
      },
      async (me) => {
        const qc = await me.connect();
        await me.meet();
        const opened = me.when(qc, 'channel:opened:wanted');
        qc.createDataChannel('wanted');
        await opened;
      },
    ],
  },
  {
    it: 'a thousand messages arrive each way, whole and in order',
    original: true,
    sides: [flood, flood],
  },
  {
    it: 'a large message arrives whole, after one another, and no faster than the channel takes it',
    notInRust: { because: 'it has no sendLarge and no receiveLarge' },
    sides: [
      async (me) => {
        const channel = await openLarge(me, true);
        await me.meet();
        let most = 0;
        const { send } = channel;
        channel.send = (/** @type {any} */ data) => {
          send.call(channel, data);
          most = Math.max(most, channel.bufferedAmount);
        };
        me.library.sendLarge(
          channel,
          Uint8Array.from({ length: 5e6 }, (_, index) => index),
        );
        await me.library.sendLarge(channel, 'and a text');
        me.expect(most <= 1_048_576 + 16_384, `at most 1 MiB to wait, not ${most}`);
        await me.meet();
      },
      async (me) => {
        const channel = await openLarge(me, false);
        /** @type {any[]} */
        const arrived = [];
        me.library.receiveLarge(channel, (/** @type {any} */ message) => arrived.push(message));
        await me.meet();
        await me.until(() => arrived.length === 2, 'two messages');
        me.expect(
          arrived[0].byteLength === 5e6 && new Uint8Array(arrived[0]).every((byte, index) => byte === (index & 255)),
          'the same bytes',
        );
        me.expect(arrived[1] === 'and a text', 'the text');
        await me.meet();
      },
    ],
  },
  {
    it: 'a large text keeps a byte order mark at its beginning',
    notInRust: { because: 'it has no sendLarge and no receiveLarge' },
    sides: [
      async (me) => {
        const channel = await openLarge(me, true);
        await me.meet();
        await me.library.sendLarge(channel, '\ufeffname;price');
        await me.meet();
      },
      async (me) => {
        const channel = await openLarge(me, false);
        const arrived = new Promise((resolve) => me.library.receiveLarge(channel, resolve));
        await me.meet();
        const text = await arrived;
        me.expect(text === '\ufeffname;price', `the text with its mark, not ${JSON.stringify(text)}`);
        await me.meet();
      },
    ],
  },
  {
    it: 'what no sendLarge has sent is an error, and so is what is too large; the next message arrives',
    notInRust: { because: 'it has no sendLarge and no receiveLarge' },
    sides: [
      async (me) => {
        const channel = await openLarge(me, true);
        await me.meet();
        for (const nonsense of [
          '{',
          'null',
          '{"type":"image","size":1}',
          '{"type":"text","size":-1}',
          '{"type":"text","size":11}',
        ])
          channel.send(nonsense);
        channel.send(new Uint8Array(11));
        channel.send('{"type":"binary","size":3}');
        channel.send(new Uint8Array(4));
        for (const message of ['', 'ten bytes!']) me.library.sendLarge(channel, message);
        await me.meet();
      },
      async (me) => {
        const channel = await openLarge(me, false);
        /** @type {Error[]} */
        const errors = [];
        /** @type {any[]} */
        const arrived = [];
        me.library.receiveLarge(channel, (/** @type {any} */ message) => arrived.push(message), {
          maxSize: 10,
          onerror: (/** @type {Error} */ error) => errors.push(error),
        });
        await me.meet();
        await me.until(() => arrived.length === 2, 'two messages');
        me.expect(arrived.join() === ',ten bytes!', `both, not ${arrived}`);
        me.expect(errors.length === 6, `six errors, not ${errors}`);
        await me.meet();
      },
    ],
  },
];

/** The end of a channel for large messages, once it is open. @param {Side} me @param {boolean} declares */
async function openLarge(me, declares) {
  const qc = me.join();
  if (declares) qc.createDataChannel('large');
  const [, channel] = await me.when(qc, 'channel:opened:large');
  return channel;
}

/** @param {boolean} declares @param {boolean} [isWhole] all of it is looked at */
function configured(declares, isWhole = false) {
  return async (/** @type {Side} */ me) => {
    const qc = me.join();
    if (declares) qc.createDataChannel('loose', { ordered: false, maxRetransmits: 2, protocol: 'game' });
    const [, channel] = await me.when(qc, 'channel:opened:loose');
    me.expect(
      channel.ordered === false && channel.protocol === 'game' && (!isWhole || channel.maxRetransmits === 2),
      `its configuration, not ${channel.ordered}, ${channel.maxRetransmits} and ${channel.protocol}`,
    );
    await me.meet();
  };
}

/** @param {Side} me */
async function many(me) {
  const labels = Array.from({ length: 10 }, (_, index) => `label ${index}`);
  const qc = me.join();
  /** @type {string[]} */
  const opened = [];
  qc.on('channel:opened', (/** @type {string} */ _, /** @type {RTCDataChannel} */ { label }) => opened.push(label));
  labels.forEach((label) => qc.createDataChannel(label));
  await me.until(() => opened.length >= labels.length, 'ten channels');
  await me.meet();
  me.expect(opened.sort().join() === labels.join(), `each once, not ${opened}`);
}

/** @param {Side} me */
async function flood(me) {
  const qc = me.join();
  qc.createDataChannel('flood');
  const [, channel] = await me.when(qc, 'channel:opened:flood');
  /** @type {number[]} */
  const heard = [];
  channel.onmessage = (/** @type {MessageEvent} */ { data }) => heard.push(Number(data));
  await me.meet();
  for (let count = 0; count < 1_000; count += 1) channel.send(String(count));
  await me.until(() => heard.length === 1_000, 'a thousand messages');
  me.expect(
    heard.every((count, index) => count === index),
    'their order',
  );
  await me.meet();
}
