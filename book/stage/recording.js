// @ts-check
// The recorded events of one run, up to a bound, and the listeners that are told of new ones.
//
// May import: clock.js, events.js.

import { createClock } from './clock.js';
import { kept } from './events.js';

/** @typedef {import('./events.js').TapEvent} TapEvent */
/** @typedef {TapEvent & { number: number }} RecordedEvent `number` counts the events of a run from 0, also those that are gone */
/** @typedef {ReturnType<typeof createRecording>} Recording */

/** Creates the recording of one demo. Each run replaces the one before. */
export function createRecording() {
  /** @type {RecordedEvent[]} */
  let events = [];
  let total = 0;
  let run = 0;
  let isRunning = false;
  /** When the run began, by the clock of `performance.now()`. */
  let startedAt = 0;
  /** The iframe's clock, which counts from the beginning of its code. */
  let clock = createClock();
  /** @type {{ at: number, uncertainty: number } | undefined} */
  let begun;
  /** @type {Set<() => void>} */
  const watchers = new Set();

  const tell = () => watchers.forEach((watcher) => watcher());

  return {
    get events() {
      return events;
    },
    /** How many events there were in this run. */
    get total() {
      return total;
    },
    /** How many of them are gone. */
    get dropped() {
      return total - events.length;
    },
    /** Which run of this page it is, counted from 1. */
    get run() {
      return run;
    },
    /** When its code began, by the clock of `performance.now()`, give or take `uncertainty`, in ms; known once the iframe has answered. */
    get begun() {
      return begun;
    },
    get isRunning() {
      return isRunning;
    },
    /** How long it runs, in ms. */
    get elapsed() {
      return isRunning ? performance.now() - startedAt : (events.at(-1)?.at ?? 0);
    },

    /** A new run begins. */
    start() {
      events = [];
      total = 0;
      run += 1;
      clock = createClock();
      begun = undefined;
      isRunning = true;
      startedAt = performance.now();
      tell();
    },

    stop() {
      isRunning = false;
      tell();
    },

    /** @param {TapEvent[]} added @param {number} lost how many before these were dropped on their way */
    add(added, lost) {
      const first = total + lost;
      total = first + added.length;
      events = kept([...events, ...added.map((event, i) => ({ ...event, number: first + i }))]);
      tell();
    },

    /** The iframe was asked how long its code runs, and answered. @param {number} asked when, in ms @param {number} elapsed what it said */
    timed(asked, elapsed) {
      const now = performance.now();
      clock.take(asked, elapsed, now);
      const reading = clock.read(now);
      begun = reading && { at: -reading.offset, uncertainty: reading.uncertainty };
    },

    /** @param {() => void} watcher called after each change @returns {() => void} ends that */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
