// @ts-check
// Statistics of media over time: of each stream, of each element that shows one, and of what a connection receives at all. Pure.
//
// May import: movement.js, selected-pair.js, streams.js.

import { ratesOf } from './movement.js';
import { pairsInUse } from './selected-pair.js';
import { streamsIn } from './streams.js';

/** Samples that are kept of each: two minutes. */
const MAX_SAMPLES = 120;
/** Connections, streams and elements that are kept, those with the latest samples. */
const MAX_KEPT = 64;

/** @typedef {import('../../stats.js').Stats} Stats */
/** @typedef {import('./streams.js').Stream} Stream */
/** @typedef {import('./streams.js').Numbers} Numbers */
/** @typedef {{ at: number, numbers: Numbers, limit: string }} Sample */
/**
 * @typedef {object} Flow
 * @property {Stream} stream the newest
 * @property {Sample[]} samples
 * @property {Sample} first the first of all, which may be older than those that are kept
 * @property {number} fastest the most pictures a second, or seconds of sound, that its source has given so far
 * @property {boolean} isGone statistics don't tell of it any more
 */
/** @typedef {{ at: number, bytes: number | undefined, packets: number, messages: number }} Intake what a connection has received: by its pairs, as packets of media, and by channels */
/** @typedef {ReturnType<typeof createMediaHistory>} MediaHistory */

/** Collects the media statistics of a run. */
export function createMediaHistory() {
  /** By the ids of streams. @type {Map<string, Flow>} */
  const flows = new Map();
  /** By the ids of elements. @type {Map<string, { at: number, frames: number }[]>} */
  const shown = new Map();
  /** By connection. @type {Map<string, Intake[]>} */
  const intakes = new Map();
  /** By connection. @type {Map<string, import('../../stats.js').Transceiver[]>} */
  const transceivers = new Map();

  return {
    /** @param {Stats} stats */
    add(stats) {
      const { on, reports } = stats;
      const pairs = pairsInUse(reports);
      const time = pairs[0]?.timestamp;
      const at = typeof time === 'number' ? time : stats.at;
      const streams = streamsIn(stats);
      const ids = new Set(streams.map(({ id }) => id));
      for (const flow of flows.values()) if (flow.stream.on === on) flow.isGone = !ids.has(flow.stream.id);
      for (const stream of streams) {
        const sample = { at: stream.at, numbers: stream.numbers, limit: stream.limit };
        const before = flows.get(stream.id);
        const samples = longer(before?.samples, sample);
        const [, rate] = ratesOf(samples.slice(-2).map(({ at, numbers }) => ({ at, value: numbers.source })));
        const fastest = Math.max(before?.fastest ?? 0, rate ?? 0);
        keep(flows, stream.id, { stream, samples, first: before?.first ?? sample, fastest, isGone: false });
      }
      for (const one of stats.shown) keep(shown, one.on, longer(shown.get(one.on), { at, frames: one.frames }));
      const packets = streams.reduce((sum, { way, numbers }) => sum + (way === 'in' ? (numbers.packets ?? 0) : 0), 0);
      const bytes = total(pairs, 'bytesReceived');
      const messages = total(reports, 'messagesReceived') ?? 0;
      keep(intakes, on, longer(intakes.get(on), { at, bytes, packets, messages }));
      keep(transceivers, on, stats.transceivers);
    },

    clear() {
      for (const all of [flows, shown, intakes, transceivers]) all.clear();
    },

    /** @returns {Flow[]} */
    flows: () => [...flows.values()],
    /** How many pictures an element has shown, over time. @param {string} element */
    shownBy: (element) => shown.get(element) ?? [],
    /** What a connection has received, over time. @param {string} on */
    intakeOf: (on) => intakes.get(on) ?? [],
    /** @param {string} on a connection */
    transceiversOf: (on) => transceivers.get(on) ?? [],
    /** Whether there were statistics of a connection. @param {string} on */
    has: (on) => intakes.has(on),
  };
}

/** @template {{ at: number }} T @param {T[] | undefined} list @param {T} one an answer to a second question may be the same as to the first @returns {T[]} */
function longer(list = [], one) {
  const last = list[list.length - 1];
  return last && one.at <= last.at ? list : [...list.slice(1 - MAX_SAMPLES), one];
}

/** @template T @param {Map<string, T>} all @param {string} id @param {T} one */
function keep(all, id, one) {
  all.delete(id);
  all.set(id, one);
  const [oldest] = all.keys();
  if (all.size > MAX_KEPT) all.delete(oldest);
}

/** @param {import('../../stats.js').Report[]} reports @param {string} field */
function total(reports, field) {
  const numbers = reports.map((report) => report[field]).filter((value) => typeof value === 'number');
  return numbers.length > 0 ? numbers.reduce((sum, value) => sum + value, 0) : undefined;
}
