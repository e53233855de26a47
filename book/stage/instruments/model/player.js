// @ts-check
// Which part of a recording the panels show: what happens now, or a step of what happened, by hand or at a tenth of its speed.
// Knows no panel.

/** How much slower than it happened. */
const SLOWER = 10;
/** However long nothing happened, the next event comes within this time, in ms. */
const LONGEST_PAUSE = 1_000;

/** @param {() => void} onchange */
export function createPlayer(onchange) {
  /** @type {import('../../events.js').MergedEvent[]} */
  let all = [];
  /** Whose they are. @type {unknown} */
  let of;
  /** How many events are shown; undefined follows what happens. @type {number | undefined} */
  let position;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {number | undefined} next */
  function go(next) {
    position = next === undefined ? undefined : Math.min(Math.max(next, 0), all.length);
    onchange();
  }

  function pause() {
    clearTimeout(timer);
    timer = undefined;
  }

  function playNext() {
    const at = position ?? 0;
    if (at >= all.length) {
      pause();
      return onchange();
    }
    const wait = at === 0 ? 0 : (all[at].at - all[at - 1].at) * SLOWER;
    timer = setTimeout(
      () => {
        go(at + 1);
        playNext();
      },
      Math.min(wait, LONGEST_PAUSE),
    );
  }

  return {
    get shown() {
      return position === undefined ? all : all.slice(0, position);
    },
    get position() {
      return position ?? all.length;
    },
    get length() {
      return all.length;
    },
    get isPlaying() {
      return timer !== undefined;
    },

    /** @param {typeof all} events a new recording, or the same with more of it @param {unknown} recording which one */
    take(events, recording) {
      // Of a new run, the beginning is worth seeing.
      if (recording !== of) {
        pause();
        position = undefined;
      }
      of = recording;
      all = events;
    },
    /** @param {number} by */
    step(by) {
      pause();
      go((position ?? all.length) + by);
    },
    /** @param {number} to */
    seek(to) {
      pause();
      go(to);
    },
    play() {
      pause();
      if ((position ?? all.length) >= all.length) position = 0;
      playNext();
      onchange();
    },
    pause() {
      pause();
      onchange();
    },
    /** Shows what happens, as it happens. */
    follow() {
      pause();
      go(undefined);
    },
  };
}
