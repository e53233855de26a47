// @ts-check
// Which part of a recording is shown: all of a live run, or the events up to one step, chosen by hand or replayed at a tenth of the speed.
//
// May import: nothing.

/** The factor by which replay is slower than the run. */
const SLOWER = 10;
/** The longest pause between two events of a replay, in ms. */
const LONGEST_PAUSE = 1_000;

/** Selects which events of a recording are shown. @param {() => void} onchange */
export function createPlayer(onchange) {
  /** @type {import('../../events.js').MergedEvent[]} */
  let all = [];
  /** The recording that they belong to. @type {unknown} */
  let of;
  /** How many events are shown; undefined to follow the live run. @type {number | undefined} */
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
      // A new run is followed live from its beginning.
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
    /** Follows the live run. */
    follow() {
      pause();
      go(undefined);
    },
  };
}
