// @ts-check
// What the taps of one run saw, as the page keeps it: the newest events, up to a bound, and those who look at them.

const MAX_EVENTS = 5_000;
const MAX_CHARACTERS = 4_000_000;

/** @typedef {import('./events.js').TapEvent} TapEvent */
/** @typedef {ReturnType<typeof createRecording>} Recording */

export function createRecording() {
  /** @type {TapEvent[]} */
  let events = [];
  let characters = 0;
  let dropped = 0;
  let isRunning = false;
  /** When the run began, by the clock of `performance.now()`. */
  let startedAt = 0;
  /** @type {Set<() => void>} */
  const watchers = new Set();

  const tell = () => watchers.forEach((watcher) => watcher());

  return {
    get events() {
      return events;
    },
    /** How many older events are gone. */
    get dropped() {
      return dropped;
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
      characters = dropped = 0;
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
      events = events.concat(added);
      dropped += lost;
      for (const { text } of added) characters += text.length;
      let excess = Math.max(0, events.length - MAX_EVENTS);
      for (let i = 0; i < excess; i += 1) characters -= events[i].text.length;
      while (characters > MAX_CHARACTERS) {
        characters -= events[excess].text.length;
        excess += 1;
      }
      dropped += excess;
      events = events.slice(excess);
      tell();
    },

    /** @param {() => void} watcher called after each change @returns {() => void} ends that */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
