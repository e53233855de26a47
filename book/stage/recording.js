// @ts-check
// What the taps of one run saw, as the page keeps it: its events, up to a bound, and those who look at them.

const MAX_EVENTS = 5_000;
const MAX_CHARACTERS = 4_000_000;

/** @typedef {import('./events.js').TapEvent} TapEvent */

/** There are many, and nothing rests on the old ones: they go first, so that how a long run began is still known. @param {TapEvent} event */
const isMessage = ({ type, on }) => type === 'message' && on.startsWith('ch');

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

  /** Those that can go, until the rest is within the bounds. @param {(event: TapEvent) => boolean} canGo */
  function dropOldest(canGo) {
    let gone = 0;
    const isOver = () => events.length - gone > MAX_EVENTS || characters > MAX_CHARACTERS;
    if (!isOver()) return;
    const kept = events.filter((event) => {
      if (!isOver() || !canGo(event)) return true;
      gone += 1;
      characters -= event.text.length;
      return false;
    });
    events = kept;
    dropped += gone;
  }

  return {
    get events() {
      return events;
    },
    /** How many events are gone. */
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
      for (const canGo of [isMessage, () => true]) dropOldest(canGo);
      tell();
    },

    /** @param {() => void} watcher called after each change @returns {() => void} ends that */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
