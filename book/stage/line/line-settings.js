// @ts-check
// What a line of the server can do to packets, as the reader sets it: the stops of the sliders, the words for them, and what has to be told to a
// line when settings have changed. Names and units are those of the server (server/network/src/line/conditions.rs). Pure.
//
// May import: nothing.

/**
 * What happens to packets one way.
 * @typedef {object} Conditions
 * @property {number} loss per cent
 * @property {number} burst packets that are lost in a row, on average
 * @property {number} delay ms
 * @property {number} jitter ms
 * @property {number} reorder per cent
 * @property {number} duplicate per cent
 * @property {number} rate kbit/s; 0 for no limit
 * @property {number} queue bytes
 * @property {boolean} cut
 */

/** @typedef {Partial<Conditions>} Change */
/** @typedef {'a_to_b' | 'b_to_a'} Direction as the server calls it; A is the side that has opened the line */
/** @typedef {import('./line-timeline.js').Step} Step */
/** @typedef {{ seed: number, a_to_b: Conditions, b_to_a: Conditions, timeline: Step[] }} Settings */
/** @typedef {{ way: string, set: Change }} Told one change, as the server takes it */

/** A line that does nothing. The queue is what the server assumes. @type {Conditions} */
export const PERFECT = {
  loss: 0,
  burst: 1,
  delay: 0,
  jitter: 0,
  reorder: 0,
  duplicate: 0,
  rate: 0,
  queue: 65_536,
  cut: false,
};

/** @type {[Direction, string][]} */
export const WAYS = [
  ['a_to_b', 'a-to-b'],
  ['b_to_a', 'b-to-a'],
];

const SHARES = [0, 0.1, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100];
const TIMES = [0, 2, 4, 5, 10, 15, 20, 30, 40, 50, 80, 100, 150, 200, 270, 300, 400, 500, 750, 1_000, 2_000];
const KIB = 1_024;

/**
 * @typedef {object} Quantity what one slider sets
 * @property {Exclude<keyof Conditions, 'cut'>} name
 * @property {string} title
 * @property {string} about
 * @property {number[]} stops values, from what troubles least to what troubles most, but for the rate
 * @property {(value: number) => string} words a value with its unit
 */

const percent = (/** @type {number} */ value) => `${round(value)} %`;
const milliseconds = (/** @type {number} */ value) => `${round(value)} ms`;

/** In the order of the panel. @type {Quantity[]} */
export const QUANTITIES = [
  { name: 'loss', title: 'Loss', about: 'of all packets', stops: SHARES, words: percent },
  { name: 'delay', title: 'Delay', about: 'of each packet', stops: TIMES, words: milliseconds },
  { name: 'jitter', title: 'Jitter', about: 'more, at random', stops: TIMES, words: milliseconds },
  {
    name: 'rate',
    title: 'Rate',
    about: 'of what passes',
    stops: [56, 128, 256, 384, 512, 768, 1_000, 1_600, 2_000, 3_000, 4_000, 6_000, 10_000, 25_000, 50_000, 100_000, 0],
    words: (value) =>
      value === 0 ? 'no limit' : value < 1_000 ? `${round(value)} kbit/s` : `${round(value / 1_000)} Mbit/s`,
  },
  {
    name: 'queue',
    title: 'Queue',
    about: 'in front of the rate',
    stops: [2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024].map((size) => size * KIB),
    words: (value) => `${round(value / KIB)} KiB`,
  },
  {
    name: 'burst',
    title: 'Losses in a row',
    about: 'on average',
    stops: [1, 2, 4, 8, 16, 32, 64],
    words: (value) => (value === 1 ? 'any' : `${round(value)} packets`),
  },
  { name: 'reorder', title: 'Overtaken', about: 'of all packets', stops: SHARES, words: percent },
  { name: 'duplicate', title: 'Doubled', about: 'of all packets', stops: SHARES, words: percent },
];

/** Where a slider stands for a value. @param {Quantity} quantity @param {number} value */
export function stopOf({ name, stops }, value) {
  if (name === 'rate' && value === 0) return stops.length - 1;
  const distance = (/** @type {number} */ stop) => (name === 'rate' && stop === 0 ? Infinity : Math.abs(stop - value));
  return stops.reduce((best, stop, i) => (distance(stop) < distance(stops[best]) ? i : best), 0);
}

/**
 * What has to be told for new settings to hold, and nothing else: a change that a timeline has made stays as long as the reader doesn't touch it.
 * @param {Settings} before @param {Settings} after
 * @returns {Told[]}
 */
export function changes(before, after) {
  const [out, back] = WAYS.map(([direction]) => difference(before[direction], after[direction]));
  if (JSON.stringify(out) === JSON.stringify(back)) return isEmpty(out) ? [] : [{ way: 'both', set: out }];
  return [
    { way: 'a-to-b', set: out },
    { way: 'b-to-a', set: back },
  ].filter(({ set }) => !isEmpty(set));
}

/** @param {Conditions} before @param {Conditions} after @returns {Change} */
const difference = (before, after) =>
  Object.fromEntries(
    Object.entries(after).filter(([name, value]) => before[/** @type {keyof Conditions} */ (name)] !== value),
  );

/** @param {object} object */
const isEmpty = (object) => Object.keys(object).length === 0;

/** At most two decimals. @param {number} value */
const round = (value) => Number(value.toFixed(2)).toLocaleString('en');
