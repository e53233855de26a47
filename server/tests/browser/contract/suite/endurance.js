// @ts-check
// Long ways for long, and many peers beside members who do harm.

import { exposed } from './exposed.js';

/** @typedef {import('./side.js').Side} Side */

/** Heartbeats of a long run: each is asked and answered, by both sides. */
const HEARTBEATS = 20;
/** Of one page. Firefox is given half: with fourteen, 182 connections, calls of its page end while others are made (42 in a run on two cores). */
const PEERS = navigator.userAgent.includes('Firefox') ? 7 : 14;
/** How often, in ms, a hostile member goes through the room. With all that it says it is read more slowly after some seconds. */
const HARM_EVERY = 100;

/** How long, in ms, all calls may take to start, beside other tests. */
const CALLS_PATIENCE = 40_000;

/** @type {import('./cases.js').Case[]} */
export const endurance = [
  {
    it: 'a call over 600 ms each way and 1 Mbit/s stays up, heartbeat after heartbeat',
    notInRust: { because: 'nothing but the client gets at its hidden channel' },
    slow: true,
    sides: [stayUp, stayUp],
  },
  {
    it: 'many peers of one page call each other and stay in their calls beside members who do harm',
    // What the hostile members say may be told as an error.
    raises: true,
    slow: true,
    sides: [
      async (me) => {
        const ids = Array.from({ length: PEERS }, (_, index) => `peer-${index}`);
        // One would make the offers in its calls, the other would get them.
        const stop = await Promise.all(['a-hostile', 'z-hostile'].map((id) => harm(me, id, ids)));
        try {
          const clients = ids.map((id) => me.join({ id }));
          let ended = 0;
          for (const qc of clients)
            qc.on('call:ended', (/** @type {string} */ id) => (ended += Number(ids.includes(id))));
          const active = () =>
            clients.reduce((sum, qc) => sum + ids.filter((id) => qc.calls.get(id)?.active).length, 0);
          await me.until(() => active() === PEERS * (PEERS - 1), 'all calls', CALLS_PATIENCE);
          // And they reach each other.
          const heard = new Set();
          for (const qc of clients)
            qc.on('message:hello', (/** @type {unknown} */ _, /** @type {{ id: string }} */ { id }) =>
              heard.add(`${qc.id} ${id}`),
            );
          for (const qc of clients) qc.send('/hello', 'all');
          await me.until(() => heard.size === PEERS * (PEERS - 1), 'every word');
          me.expect(active() === PEERS * (PEERS - 1) && ended === 0, `no call to end, not ${ended}`);
        } finally {
          for (const end of stop) end();
        }
      },
    ],
  },
];

/** @param {Side} me */
async function stayUp(me) {
  const { qc, hidden } = await exposed(me, { through: me.slow, heartbeat: 500 });
  let heard = 0;
  let ended = 0;
  hidden.addEventListener('message', () => (heard += 1));
  qc.on('call:ended', () => (ended += 1));
  await me.until(() => heard >= 2 * HEARTBEATS, 'heartbeats');
  me.expect(ended === 0 && qc.calls.get(me.other).active, 'the call');
  await me.meet();
}

/**
 * Joins as a member that says to everybody, again and again, that it is somebody new, ready, and wants the call anew, and makes offers
 * that are none.
 * @param {Side} me @param {string} id @param {string[]} ids
 */
async function harm(me, id, ids) {
  const socket = new WebSocket(me.signaling.replace('http', 'ws'));
  await me.event(socket, 'message');
  const announce = (/** @type {number} */ instance) =>
    `/announce|${id}|${JSON.stringify({ id, room: me.room, instance: String(instance) })}`;
  socket.send(announce(0));
  let number = 0;
  const timer = setInterval(() => {
    // What the server does not read yet is enough.
    if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > 0) return;
    number += 1;
    for (const target of ids) {
      for (const text of [
        announce(number),
        `/ready|${id}`,
        `/reconnect|${id}|`,
        `/sdp|${id}|{"type":"offer","sdp":"v=0"}`,
      ]) {
        socket.send(`/to|${target}|${text}`);
      }
    }
  }, HARM_EVERY);
  return () => {
    clearInterval(timer);
    socket.close();
  };
}
