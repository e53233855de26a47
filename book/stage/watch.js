// @ts-check
// Which frame hangs. All frames of a page share one thread, so a loop without end in one of them silences all of them, and a new one too:
// they can only be ended together.

/** Every frame is asked this often, in ms, whether it still listens … */
const PING_INTERVAL = 500;
/** … and one that left so many questions unanswered hangs. Counted, not timed: a laptop that sleeps asks nothing. */
const MISSED_PINGS = 4;

/** @typedef {import('./frame.js').Frame} Frame */

/**
 * @typedef {object} Run
 * @property {string} name the demo's
 * @property {Frame} frame
 * @property {(culprit: string | undefined) => void} onhang the name of the demo that hangs this one, or undefined once it answers again
 * @property {(culprit: string) => void} onended it was ended, because it shares its thread with the culprit
 */

/** In the order in which they started. @type {Set<Run>} */
const runs = new Set();
/** @type {Run | undefined} */
let culprit;
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** @param {Run} run */
export function watch(run) {
  runs.add(run);
  timer ??= setInterval(askAll, PING_INTERVAL);
}

/** @param {Run} run */
export function unwatch(run) {
  runs.delete(run);
  if (runs.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

/** Ends every run of the page if one of them hangs. @returns {boolean} whether one did */
export function endHang() {
  if (!culprit) return false;
  const { name } = culprit;
  culprit = undefined;
  for (const run of [...runs]) run.onended(name);
  return true;
}

function askAll() {
  const silent = [...runs].filter(({ frame }) => frame.missed >= MISSED_PINGS);
  const before = culprit;
  // Code that never came to the end of its first pass is the likeliest cause; otherwise what was started last.
  culprit = silent.findLast(({ frame }) => !frame.isEvaluated) ?? silent.at(-1);
  for (const run of runs) {
    if (culprit !== before) run.onhang(silent.includes(run) ? culprit?.name : undefined);
    if (run.frame.isReady) run.frame.ping();
  }
}
