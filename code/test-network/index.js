// @ts-check
// Lines and NAT labs of the server, for connections of a demo: what packets meet on a bad network and behind NATs. What it offers is documented in
// `index.d.ts`, against which this module is checked. Layout:
//   way.js            what lines and labs have in common
//   descriptions.js   credentials and candidates; pure
//   timeline.js       reads “cut at 2 s, mend at 5 s”; pure
//   server.js         asks the server
//
// May import: descriptions.js, server.js, timeline.js, way.js.

import { candidateOf, withoutCandidates } from './descriptions.js';
import { ask } from './server.js';
import { timelineIn } from './timeline.js';
import { wayOf } from './way.js';

export { withoutCandidates };

/** @typedef {import('./index.d.ts')} Library */

/** @type {Library['openLine']} */
export async function openLine(options = {}) {
  const { a_to_b, b_to_a, seed, timeline, capture, preset, not_loopback, ...both } = options;
  const opened = await ask('openLine', 'POST', 'line', {
    settings: {
      seed,
      a_to_b: { ...both, ...a_to_b },
      b_to_a: { ...both, ...b_to_a },
      timeline: timeline === undefined ? undefined : stepsOf('openLine', timeline),
    },
    preset,
    capture,
    not_loopback,
  });
  let ends = endsOf(opened);
  const { tell, ...way } = wayOf('line', opened.id, () => ends);
  return {
    ...way,
    id: opened.id,
    get forA() {
      return ends.forA;
    },
    get forB() {
      return ends.forB;
    },
    async set(change, way = 'both') {
      await tell('set', { set: change, way });
    },
    async play(timeline) {
      await tell('play', { timeline: stepsOf('line.play', timeline) });
    },
    async rebind(end) {
      ends = endsOf(await tell('rebind', { rebind: end }));
    },
  };
}

/** @type {Library['openLab']} */
export async function openLab(nats) {
  const { id, a, b, turn } = await ask('openLab', 'POST', 'lab', nats ?? {});
  const given = { forA: b.candidates.map(candidateOf), forB: a.candidates.map(candidateOf) };
  const { tell: _, ...way } = wayOf('lab', id, () => given);
  /** @param {{ address: string, port: number }} server @returns {RTCIceServer} */
  const relayAt = (server) => ({ urls: urlOf(server, 'turn'), ...turn });
  return {
    ...way,
    ...given,
    id,
    stun: { a: urlOf(a.stun), b: urlOf(b.stun) },
    turn: turn ? { a: relayAt(a.stun), b: relayAt(b.stun) } : undefined,
  };
}

/** What A is given is where A sends to. @param {{ a: { address: string, port: number }, b: { address: string, port: number } }} line */
const endsOf = ({ a, b }) => ({ forA: [candidateOf(a)], forB: [candidateOf(b)] });

/** @param {{ address: string, port: number }} server */
const urlOf = ({ address, port }, scheme = 'stun') =>
  `${scheme}:${address.includes(':') ? `[${address}]` : address}:${port}`;

/** @param {string} what @param {string | import('./index.d.ts').Step[]} timeline */
function stepsOf(what, timeline) {
  if (typeof timeline !== 'string') return timeline;
  const { steps, mistake } = timelineIn(timeline);
  if (mistake) throw new SyntaxError(`${what}: ${mistake}`);
  return steps;
}
