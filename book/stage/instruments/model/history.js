// @ts-check
// Numbers of `getStats` over time: current values, and rates computed from counters. Pure.
//
// May import: nothing.

/** Samples that are kept of each number: ten minutes. */
const MAX_SAMPLES = 600;
/** Connections that are kept, those with the latest samples. */
const MAX_CONNECTIONS = 50;

/** @typedef {import('../../stats.js').Report} Report */
/** @typedef {import('../../stats.js').Stats} Stats */

/**
 * @typedef {object} Graph
 * @property {string} id
 * @property {string} title
 * @property {string} unit
 * @property {string[]} of the types of report that have it: the first that is there counts
 * @property {string} field
 * @property {boolean} isCounter it counts up: its rate a second is shown
 * @property {number} factor
 */

/** The graphs of the “Stats” panel. @type {Graph[]} */
export const GRAPHS = [
  {
    id: 'sent',
    title: 'sent',
    unit: 'bytes a second',
    of: ['transport', 'candidate-pair'],
    field: 'bytesSent',
    isCounter: true,
    factor: 1,
  },
  {
    id: 'received',
    title: 'received',
    unit: 'bytes a second',
    of: ['transport', 'candidate-pair'],
    field: 'bytesReceived',
    isCounter: true,
    factor: 1,
  },
  {
    id: 'messages-sent',
    title: 'messages sent',
    unit: 'a second',
    of: ['data-channel'],
    field: 'messagesSent',
    isCounter: true,
    factor: 1,
  },
  {
    id: 'messages-received',
    title: 'messages received',
    unit: 'a second',
    of: ['data-channel'],
    field: 'messagesReceived',
    isCounter: true,
    factor: 1,
  },
  {
    id: 'round-trip',
    title: 'round trip',
    unit: 'ms',
    of: ['candidate-pair'],
    field: 'currentRoundTripTime',
    isCounter: false,
    factor: 1_000,
  },
  {
    id: 'bandwidth',
    title: 'available bandwidth',
    unit: 'kbit/s',
    of: ['candidate-pair'],
    field: 'availableOutgoingBitrate',
    isCounter: false,
    factor: 0.001,
  },
  {
    id: 'lost',
    title: 'packets lost',
    unit: 'a second',
    of: ['inbound-rtp'],
    field: 'packetsLost',
    isCounter: true,
    factor: 1,
  },
];

/** @typedef {{ at: number, reports: Report[] }} Sample */
/**
 * @typedef {{ of: string, id: string, title: string, unit: string, times: number[], values: (number | null)[] }} Series `times` in seconds since the first
 */

/** Collects the statistics of a run. */
export function createHistory() {
  /** Totals of each connection, by graph. @type {Map<string, { at: number, totals: (number | undefined)[] }[]>} */
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
    samples.set(on, [...before.slice(1 - MAX_SAMPLES), { at, totals: GRAPHS.map((graph) => total(graph, reports)) }]);
    newest.set(on, reports);
  }

  /** @returns {Series[]} */
  function series() {
    return [...samples].flatMap(([of, list]) =>
      GRAPHS.flatMap(({ id, title, unit, isCounter, factor }, g) => {
        if (!list.some(({ totals }) => totals[g] !== undefined)) return [];
        const values = list.map(({ at, totals }, i) => {
          const value = totals[g];
          const last = list[i - 1];
          if (value === undefined) return null;
          if (!isCounter) return value * factor;
          const earlier = last?.totals[g];
          return earlier === undefined
            ? null
            : Math.max(0, ((value - earlier) * 1_000 * factor) / Math.max(at - last.at, 1));
        });
        return [{ of, id, title, unit, times: list.map(({ at }) => (at - list[0].at) / 1_000), values }];
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

/** The sum of a field over all reports of a type; of candidate pairs, only the nominated one. @param {Graph} graph @param {Report[]} reports */
function total({ of, field }, reports) {
  for (const kind of of) {
    const found = reports.filter(
      ({ type, nominated }) => type === kind && (kind !== 'candidate-pair' || nominated === true),
    );
    const numbers = found.map((report) => report[field]).filter((value) => typeof value === 'number');
    if (numbers.length > 0) return numbers.reduce((sum, value) => sum + value, 0);
  }
  return undefined;
}
