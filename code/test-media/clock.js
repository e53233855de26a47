// @ts-check
// The time of this machine as sixteen cells, black or white, in two rows of eight: large enough to survive a small picture of few bits. The lowest
// bit is the first cell of the first row. Pure, but for `now`.
//
// May import: nothing.

/** Cells in a row, and rows. */
export const COLUMNS = 8;
export const ROWS = 2;
/** The part of a picture's height that one row takes: both take the upper two ninths. */
export const ROW = 1 / 9;

const BITS = COLUMNS * ROWS;
/** After so many ms the cells are the same again. */
const PERIOD = 2 ** BITS;
/** An age of nearly a period is one below nothing: the clock of the other machine is ahead. */
const AHEAD = 2_000;
/** Levels of grey, 0 to 255, above which a cell is white. */
const WHITE = 127;

/** Ms since 1970, the same in all pages of a machine. */
export const now = () => Math.round(performance.timeOrigin + performance.now());

/** Which cells are white at a time. @param {number} time in ms */
export const cellsOf = (time) => Array.from({ length: BITS }, (_, i) => Math.floor(time / 2 ** i) % 2 === 1);

/**
 * How old the time in some cells is.
 * @param {number[]} levels of grey, one for each cell
 * @param {number} time in ms
 * @returns {number} ms, up to 63 s; below 0, if the clock that was painted is ahead
 */
export function ageOf(levels, time) {
  const painted = levels.reduce((sum, level, i) => (level > WHITE ? sum + 2 ** i : sum), 0);
  const age = (((time - painted) % PERIOD) + PERIOD) % PERIOD;
  return age >= PERIOD - AHEAD ? age - PERIOD : age;
}
