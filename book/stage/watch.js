// @ts-check
// Which iframe hangs. All iframes of a page share one thread, so a loop without end in one of them silences all of them, and a new one too:
// they can only be ended together.

/** Every iframe is asked this often, in ms, whether it still listens … */
const PING_INTERVAL = 500;
/** … and one that left so many questions unanswered hangs. Counted, not timed: a laptop that sleeps asks nothing. */
const MISSED_PINGS = 4;

/** @typedef {import('./iframe.js').Iframe} Iframe */

/**
 * Why an iframe is silent: the name of the demo that hangs it, or that it never began to speak.
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

/** In the order in which they started, with what was last said of each. @type {Map<Run, Silence>} */
const runs = new Map();
/** @type {Run | undefined} */
let culprit;
/** The name of a demo that was stopped in its first pass: if the others stay silent, it was the one. @type {string | undefined} */
let suspect;
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** @param {Run} run */
export function watch(run) {
  runs.set(run, undefined);
  timer ??= setInterval(askAll, PING_INTERVAL);
}

/** @param {Run} run */
export function unwatch(run) {
  runs.delete(run);
  if (run.iframe.hasStarted && !run.iframe.isEvaluated) suspect = run.name;
  if (runs.size > 0) return;
  suspect = undefined;
  clearInterval(timer);
  timer = undefined;
}

/** Ends every run of the page if one of them hangs. @returns {boolean} whether one did */
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
  // Code that never came to the end of its first pass is the likeliest cause; then code that the reader changed; then what began last.
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
