// @ts-check
// Counts down what the host has set, and says when it is over.
//
// May import: nothing.

/** How often it is shown, in ms: often enough that no second is left out. */
const SHOW_EVERY = 250;

/** @typedef {{ label: string, endsAt: number }} Timer */

/**
 * @param {(shown: { label: string, left: number } | undefined) => void} show
 * @param {(label: string) => void} onend it was seen to run, and is over
 */
export function createTimer(show, onend) {
  /** @type {Timer | undefined} */
  let timer;
  let isRunning = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  show(undefined);

  function tick() {
    if (!timer) return;
    const left = timer.endsAt - performance.now();
    show({ label: timer.label, left });
    if (left > 0) return;
    clearInterval(ticking);
    if (isRunning) onend(timer.label);
    isRunning = false;
  }

  return {
    /** @param {Timer | undefined} next the same one may be set again */
    set(next) {
      if (next === timer) return;
      timer = next;
      clearInterval(ticking);
      isRunning = timer !== undefined && timer.endsAt > performance.now();
      if (!timer) return show(undefined);
      if (isRunning) ticking = setInterval(tick, SHOW_EVERY);
      tick();
    },
  };
}
