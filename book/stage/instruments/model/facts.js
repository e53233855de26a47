// @ts-check
// What is known of a track besides its chain: codec, size, rates against what was aimed at, why its quality is limited, freezes. Pure.
//
// May import: movement.js.

import { ratesOf } from './movement.js';

/** @typedef {import('./chains.js').Chain} Chain */
/** @typedef {import('./chains.js').End} End */
/** @typedef {import('./streams.js').Numbers} Numbers */
/** @typedef {{ name: string, text: string }} Fact */
/** @typedef {{ reason: string, time: number }} Limit for how long the quality was limited by it, in ms */

/** What is said where the browser says nothing, and where the other end is not on this page. */
const UNTOLD = 'not told';
const ELSEWHERE = 'not on this page';
const KILO = 1_000;
const BITS = 8;

/** The facts of a track: the same ones, in the same order, for all tracks of its kind. @param {Chain} chain @returns {Fact[]} */
export function factsOf({ kind, out, in: end }) {
  const [sent, received] = [out?.flow?.stream, end?.flow?.stream];
  const codecs = new Set([sent?.codec, received?.codec].filter(Boolean));
  const rate = latest(out ?? end, 'bytes');
  const sizes = { sent: sent?.size, received: received?.size };
  const common = [
    { name: 'Codec', text: [...codecs].join(' → ') || UNTOLD },
    { name: out ? 'Sends' : 'Receives', text: inKilobits(rate === undefined ? undefined : rate * BITS) },
  ];
  const roundTrip = sent?.numbers.roundTrip;
  const trip = {
    name: 'Round trip',
    text: out ? (roundTrip === undefined ? UNTOLD : `${(roundTrip * KILO).toFixed(0)} ms`) : ELSEWHERE,
  };
  if (kind === 'audio') return [...common, { name: 'Level', text: levelOf(end ?? out) }, trip];
  return [
    ...common,
    { name: 'Target', text: out ? inKilobits(sent?.numbers.target) : ELSEWHERE },
    { name: 'Network carries', text: out ? inKilobits(sent?.numbers.estimate) : ELSEWHERE },
    { name: 'Size', text: sizeOf(sizes) },
    { name: 'Pictures a second', text: inFull(sent?.numbers.fps ?? received?.numbers.fps) },
    { name: 'Freezes', text: end ? freezesOf(received?.numbers ?? {}) : ELSEWHERE },
    { name: 'Asked for whole pictures', text: end ? inFull(received?.numbers.keys) : ELSEWHERE },
    trip,
  ];
}

/**
 * Why the quality of a track was limited, one part after another.
 * @param {Chain} chain
 * @returns {Limit[]} empty where the browser does not tell
 */
export function limitsOf({ out }) {
  /** @type {Limit[]} */
  const limits = [];
  const samples = out?.flow?.samples ?? [];
  samples.forEach(({ at, limit }, i) => {
    const time = i > 0 ? at - samples[i - 1].at : 0;
    const last = limits[limits.length - 1];
    if (!limit) return;
    if (last?.reason === limit) last.time += time;
    else limits.push({ reason: limit, time });
  });
  return limits;
}

/** Limits in words. @param {Limit[]} limits */
export function limitsInWords(limits) {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const { reason, time } of limits) times.set(reason, (times.get(reason) ?? 0) + time);
  const parts = [...times].map(([reason, time]) => `${reasonInWords(reason)} for ${(time / KILO).toFixed(0)} s`);
  return parts.length > 0 ? `Quality limited by: ${parts.join(', ')}.` : 'Why the quality is limited: not told.';
}

/** @param {string} reason as statistics have it */
export const reasonInWords = (reason) => (reason === 'none' ? 'nothing' : reason);

/** @param {End | undefined} end @param {keyof Numbers} field */
function latest(end, field) {
  const readings = (end?.flow?.samples ?? []).slice(-2).map(({ at, numbers }) => ({ at, value: numbers[field] }));
  return ratesOf(readings)[1] ?? undefined;
}

/** @param {End | undefined} end */
function levelOf(end) {
  const level = end?.flow?.stream.numbers.level;
  return level === undefined ? UNTOLD : `${(level * 100).toFixed(0)} %`;
}

/** @param {{ sent: string | undefined, received: string | undefined }} sizes */
function sizeOf({ sent, received }) {
  const known = [...new Set([sent, received].filter(Boolean))];
  return known.map((size) => size?.replace('x', ' × ')).join(' → ') || UNTOLD;
}

/** @param {Numbers} numbers */
function freezesOf({ freezes, frozen }) {
  if (freezes === undefined) return UNTOLD;
  return freezes === 0 || frozen === undefined ? String(freezes) : `${freezes}, ${frozen.toFixed(1)} s in all`;
}

/** @param {number | undefined} bits a second */
const inKilobits = (bits) => (bits === undefined ? UNTOLD : `${(bits / KILO).toFixed(0)} kbit/s`);

/** @param {number | undefined} value */
const inFull = (value) => (value === undefined ? UNTOLD : value.toFixed(0));
