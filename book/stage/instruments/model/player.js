// @ts-check
// Which part of a recording is shown: all of a live run, or the events up to one step, chosen by hand or replayed in the time that the
// reader has chosen.
//
// May import: nothing.

/** The longest pause of a replay, as a part of its time: a run that stood still is not watched standing still. */
const LONGEST_PART = 0.05;
/** The shortest time between two drawings of a replay, in ms. */
const TICK = 16;

/**
 * When each event of a replay is shown, in ms after it began.
 * @param {number[]} times of the events, in order, in ms
 * @param {number} within the time that the whole takes, in ms
 * @returns {number[]}
 */
export function scheduleOf(times, within) {
  const gaps = times.map((at, i) => (i === 0 ? 0 : Math.max(0, at - times[i - 1])));
  const most = LONGEST_PART * gaps.reduce((sum, gap) => sum + gap, 0);
  const pauses = gaps.map((gap) => Math.min(gap, most));
  const whole = pauses.reduce((sum, pause) => sum + pause, 0);
  let due = 0;
  return pauses.map((pause) => (due += whole > 0 ? (pause * within) / whole : 0));
}

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
    /** Replays the recording from where it stands, or, at its end, from its beginning. @param {number} within the time that the whole takes, in ms */
    play(within) {
      pause();
      const schedule = scheduleOf(
        all.map(({ at }) => at),
        within,
      );
      const first = (position ?? all.length) >= all.length ? 0 : (position ?? 0);
      const began = performance.now() - (schedule[first] ?? 0);

      /** Shows what is due. @param {number} next the first event that is not shown yet */
      function showDue(next) {
        const elapsed = performance.now() - began;
        const due = schedule.findIndex((at, i) => i >= next && at > elapsed);
        if (due < 0) {
          pause();
          return go(schedule.length);
        }
        timer = setTimeout(() => showDue(due), Math.max(TICK, schedule[due] - elapsed));
        go(due);
      }
      position = first;
      showDue(first);
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
