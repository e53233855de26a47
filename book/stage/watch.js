// @ts-check
// Detects which iframe hangs. All iframes of a page share one thread: an endless loop in one of them blocks the others, and any new one.
// They can only be ended together.
//
// May import: nothing.

/** Each iframe is pinged this often, in ms … */
const PING_INTERVAL = 500;
/** … and hangs if it has not answered this many pings. Counted instead of timed, because a laptop that sleeps sends none. */
const MISSED_PINGS = 4;

/** @typedef {import('./iframe.js').Iframe} Iframe */

/**
 * Why an iframe is silent: the name of the demo that blocks it, or that it has not loaded.
 * @typedef {{ culprit: string } | 'not loaded' | undefined} Silence
 */

/**
 * @typedef {object} Run
 * @property {string} name the demo's
 * @property {Iframe} iframe
 * @property {boolean} isEdited its text is the reader's, not the book's
 * @property {(silence: Silence) => void} onsilence it became silent, or, with undefined, it answers again
 * @property {() => void} ongone its iframe has gone to another page
 * @property {(culprit: string) => void} onended it was ended, because it shares its thread with the culprit
 */

/** In the order in which they started, with what was reported last of each. @type {Map<Run, Silence>} */
const runs = new Map();
/** @type {Run | undefined} */
let culprit;
/**
 * The name of a demo that was stopped before its code had been evaluated: if the others stay silent, it is the one that hangs.
 * @type {string | undefined}
 */
let suspect;
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** Starts to watch a run. @param {Run} run */
export function watch(run) {
  runs.set(run, undefined);
  timer ??= setInterval(askAll, PING_INTERVAL);
}

/** Stops watching a run. @param {Run} run */
export function unwatch(run) {
  runs.delete(run);
  if (run.iframe.hasStarted && !run.iframe.isEvaluated) suspect = run.name;
  if (runs.size > 0) return;
  suspect = undefined;
  clearInterval(timer);
  timer = undefined;
}

/** Ends all runs of the page if one of them hangs. @returns {boolean} whether one did */
export function endHang() {
  if (!culprit) return false;
  const name = suspect ?? culprit.name;
  culprit = undefined;
  for (const run of [...runs.keys()]) run.onended(name);
  return true;
}

function askAll() {
  for (const { iframe, ongone } of [...runs.keys()]) if (iframe.missed >= MISSED_PINGS && iframe.mayBeGone) ongone();
  const silent = [...runs.keys()].filter(({ iframe }) => iframe.missed >= MISSED_PINGS);
  const hanging = silent.filter(({ iframe }) => iframe.hasStarted);
  // The likeliest cause is code that was not evaluated to its end; then code that the reader changed; then the run that started last.
  culprit =
    hanging.findLast(({ iframe }) => !iframe.isEvaluated) ??
    hanging.findLast(({ isEdited }) => isEdited) ??
    hanging.at(-1);
  if ([...runs.keys()].every(({ iframe }) => iframe.missed === 0)) suspect = undefined;
  for (const [run, said] of runs) {
    const silence = silenceOf(run, silent.includes(run));
    if (JSON.stringify(silence) !== JSON.stringify(said)) {
      runs.set(run, silence);
      run.onsilence(silence);
    }
    run.iframe.ping();
  }
}

/** @param {Run} run @param {boolean} isSilent @returns {Silence} */
function silenceOf({ iframe }, isSilent) {
  if (!isSilent) return undefined;
  if (culprit) return { culprit: suspect ?? culprit.name };
  return iframe.hasStarted ? undefined : 'not loaded';
}
