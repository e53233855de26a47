// @ts-check
// Numbers of `getStats` over time: current values, and rates computed from counters. Pure.
//
// May import: selected-pair.js.

import { pairsInUse } from './selected-pair.js';

/** Samples that are kept of each number: ten minutes. */
const MAX_SAMPLES = 600;
/** Connections that are kept, those with the latest samples. */
const MAX_CONNECTIONS = 50;

/** @typedef {import('../../stats.js').Report} Report */
/** @typedef {import('../../stats.js').Stats} Stats */

/** @typedef {{ title: string, field: string }} Line what is drawn of a graph; the title of the only one is empty */

/**
 * @typedef {object} Graph
 * @property {string} id
 * @property {string} title
 * @property {string} unit
 * @property {string[]} of the types of report that have it: the first that is there counts
 * @property {Line[]} lines
 * @property {boolean} isCounter it counts up: its rate a second is shown
 * @property {number} factor
 * @property {import('./layers.js').Layer} layer
 */

const bothWays = (/** @type {string} */ field) => [
  { title: 'sent', field: `${field}Sent` },
  { title: 'received', field: `${field}Received` },
];

/** The graphs of the “Stats” panel: one for each quantity, with both directions in it. @type {Graph[]} */
export const GRAPHS = [
  {
    id: 'bytes',
    title: 'throughput',
    unit: 'bytes a second',
    of: ['transport', 'candidate-pair'],
    lines: bothWays('bytes'),
    isCounter: true,
    factor: 1,
    layer: 'dtls',
  },
  {
    id: 'messages',
    title: 'messages',
    unit: 'a second',
    of: ['data-channel'],
    lines: bothWays('messages'),
    isCounter: true,
    factor: 1,
    layer: 'messages',
  },
  {
    id: 'round-trip',
    title: 'round trip',
    unit: 'ms',
    of: ['candidate-pair'],
    lines: [{ title: '', field: 'currentRoundTripTime' }],
    isCounter: false,
    factor: 1_000,
    layer: 'ice',
  },
  {
    id: 'bandwidth',
    title: 'available bandwidth',
    unit: 'kbit/s',
    of: ['candidate-pair'],
    lines: [{ title: '', field: 'availableOutgoingBitrate' }],
    isCounter: false,
    factor: 0.001,
    layer: 'ice',
  },
  {
    id: 'lost',
    title: 'packets lost',
    unit: 'a second',
    of: ['inbound-rtp'],
    lines: [{ title: '', field: 'packetsLost' }],
    isCounter: true,
    factor: 1,
    layer: '',
  },
];

/** @typedef {{ at: number, reports: Report[] }} Sample */
/** @typedef {{ title: string, values: (number | null)[] }} DrawnLine */
/**
 * @typedef {{ of: string, graph: Graph, times: number[], lines: DrawnLine[] }} Series `times` in seconds since the first; only lines of which there is a number
 */

/** Collects the statistics of a run. */
export function createHistory() {
  /** Totals of each connection, by graph and line. @type {Map<string, { at: number, totals: (number | undefined)[][] }[]>} */
  const samples = new Map();
  /** @type {Map<string, Report[]>} */
  const newest = new Map();

  /** @param {Stats} stats */
  function add({ on, at, reports }) {
    const before = samples.get(on) ?? [];
    const [oldest] = samples.keys();
    if (before.length === 0 && samples.size >= MAX_CONNECTIONS) {
      samples.delete(oldest);
      newest.delete(oldest);
    }
    samples.delete(on);
    const totals = GRAPHS.map(({ of, lines }) => lines.map(({ field }) => total(of, field, reports)));
    samples.set(on, [...before.slice(1 - MAX_SAMPLES), { at, totals }]);
    newest.set(on, reports);
  }

  /** @returns {Series[]} */
  function series() {
    return [...samples].flatMap(([of, list]) =>
      GRAPHS.flatMap((graph, g) => {
        const lines = graph.lines.flatMap(({ title }, l) => {
          const numbers = list.map(({ totals }) => totals[g][l]);
          if (numbers.every((value) => value === undefined)) return [];
          return [{ title, values: valuesOf(graph, numbers, list) }];
        });
        return lines.length > 0 ? [{ of, graph, times: list.map(({ at }) => (at - list[0].at) / 1_000), lines }] : [];
      }),
    );
  }

  return {
    add,
    series,
    newest: () => [...newest],
    clear() {
      samples.clear();
      newest.clear();
    },
  };
}

/**
 * What is drawn of the numbers of one line.
 * @param {Graph} graph @param {(number | undefined)[]} numbers @param {{ at: number }[]} samples when each was told, in ms
 */
function valuesOf({ isCounter, factor }, numbers, samples) {
  return numbers.map((value, i) => {
    if (value === undefined) return null;
    if (!isCounter) return value * factor;
    const earlier = numbers[i - 1];
    return earlier === undefined
      ? null
      : Math.max(0, ((value - earlier) * 1_000 * factor) / Math.max(samples[i].at - samples[i - 1].at, 1));
  });
}

/**
 * The sum of a field over all reports of a type; of candidate pairs, over those in use.
 * @param {string[]} of the types @param {string} field @param {Report[]} reports
 */
function total(of, field, reports) {
  for (const kind of of) {
    const found = kind === 'candidate-pair' ? pairsInUse(reports) : reports.filter(({ type }) => type === kind);
    const numbers = found.map((report) => report[field]).filter((value) => typeof value === 'number');
    if (numbers.length > 0) return numbers.reduce((sum, value) => sum + value, 0);
  }
  return undefined;
}
