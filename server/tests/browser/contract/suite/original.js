// @ts-check
// The published client, rtc-quickconnect 8.0.0, on the other side of a call: what it could always do, whoever is the master, whoever
// came first. What it could not do with another of its own it can't do with ours: a slave's channel or stream that its master knows
// nothing of goes nowhere.

import { flows, picture } from './media.js';

/** @typedef {import('./side.js').Side} Side */

/** @param {Side} me */
const isMaster = (me) => me.id < me.other;

/** One side after the other joins, does its part, and is connected. @param {(me: Side, qc: any) => Promise<void>} part */
function inTurn(part) {
  /** @param {Side} me @param {any} qc */
  const connect = (me, qc) => Promise.all([part(me, qc), me.when(qc, 'call:started')]);
  return [
    async (/** @type {Side} */ me) => {
      const qc = me.join();
      await Promise.all([connect(me, qc), me.when(qc, 'local:announce').then(() => me.meet())]);
      await me.meet();
    },
    async (/** @type {Side} */ me) => {
      await me.meet();
      await connect(me, me.join());
      await me.meet();
    },
  ];
}

/** @param {(me: Side) => boolean} declares */
const channel = (declares) =>
  inTurn(async (me, qc) => {
    if (declares(me)) {
      qc.createDataChannel('talk');
      const [id, channel] = await me.when(qc, 'channel:opened:talk');
      me.expect(id === me.other && channel.readyState === 'open', 'its channel');
      channel.send('hello');
    } else {
      const channel = await made(me, qc);
      me.expect(channel.label === 'talk', `a channel of the other side, not ${channel.label}`);
      await me.event(channel, 'message');
    }
  });

/** The channel of the other side, of which the published client tells nothing. @param {Side} me @param {any} qc @returns {Promise<RTCDataChannel>} */
async function made(me, qc) {
  if (!me.isOriginal) return (await me.when(qc, 'channel:opened'))[1];
  const [, pc] = await me.when(qc, 'peer:connect');
  return /** @type {RTCDataChannelEvent} */ (await me.event(pc, 'datachannel')).channel;
}

/** @param {(me: Side) => boolean} sends */
const stream = (sends) =>
  inTurn(async (me, qc) => {
    if (sends(me)) return void qc.addStream(picture());
    const [id, stream] = await me.when(qc, 'stream:added');
    me.expect(id === me.other, 'the stream of the other side');
    await flows(me, stream);
  });

/** @type {import('./cases.js').Case[]} */
const cases = [
  { it: 'a call with the original client starts with nothing added', sides: inTurn(async () => {}) },
  {
    it: 'strings arrive at the original client as strings, unless its own would not either',
    sides: inTurn(async (me, qc) => {
      const strings = ['', 'x|y', '[draft', '1e5', ' true', 'plain'];
      if (!me.isOriginal) {
        await me.when(qc, 'call:started');
        return void qc.send('/strings', ...strings);
      }
      const heard = await me.when(qc, 'message:strings');
      me.expect(
        JSON.stringify(heard.slice(0, strings.length)) === JSON.stringify(strings),
        `the strings, not ${JSON.stringify(heard)}`,
      );
    }),
  },
  { it: 'a channel that only the current client declares opens', sides: channel((me) => !me.isOriginal) },
  { it: 'a channel that only the master declares opens', sides: channel(isMaster) },
  {
    it: 'a stream of the current client arrives',
    notInRust: { because: 'its tracks are fed by a program, and are no streams' },
    sides: stream((me) => !me.isOriginal),
  },
  {
    it: 'a stream of the master arrives',
    notInRust: { because: 'its tracks are fed by a program, and are no streams' },
    sides: stream(isMaster),
  },
  {
    it: 'a stream of each side arrives at the other',
    notInRust: { because: 'its tracks are fed by a program, and are no streams' },
    sides: inTurn(async (me, qc) => {
      qc.addStream(picture());
      const [, stream] = await me.when(qc, 'stream:added');
      await flows(me, stream);
    }),
  },
];

export const original = cases.map((found) => ({ ...found, original: true, current: false }));
