// @ts-check
// One run of a page makes pictures or sounds at a time: two would share the machine, and change each other's rates; and nobody looks at two. Runs without
// either go on beside it.
//
// May import: nothing.

/**
 * A run of a demo, as far as it is looked at here.
 * @typedef {object} MediaRun
 * @property {string} name the demo's
 * @property {number} number counts the runs of a page
 * @property {(by: string) => void} onreplaced another demo makes pictures or sounds now: this run has to end
 */

/** @type {MediaRun | undefined} */
let playing;

/** A run begins to make pictures or sounds. Of two, the one that the reader has started later stays. @param {MediaRun} run */
export function beginMedia(run) {
  const other = playing;
  if (!other || other === run) {
    playing = run;
    return;
  }
  const [older, newer] = other.number < run.number ? [other, run] : [run, other];
  playing = newer;
  older.onreplaced(newer.name);
}

/** A run has ended, with or without pictures. @param {MediaRun} run */
export function endMedia(run) {
  if (playing === run) playing = undefined;
}
