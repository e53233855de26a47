// @ts-check
// The values of one line of a graph, in as many columns as its window has, and how values become an axis and words. Pure.
//
// May import: nothing.

/** Columns of a window, however many seconds it has: a line keeps so many, and of each its least, greatest and last value. */
export const COLUMNS = 300;

/** What the end of an axis begins with, so that it is a round number. */
const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** @typedef {{ column: number, least: number, most: number, last: number }} Column */

/** The values of a line that has none yet. */
export function createSeries() {
  /** Of all values since the first. */
  const all = { least: Infinity, most: -Infinity, last: NaN };
  /** The newest ones, oldest first. @type {Column[]} */
  const columns = [];

  return {
    all,

    /** @param {number} column since the graph's first value, and none before that of the value before @param {number} value */
    add(column, value) {
      if (columns.at(-1)?.column !== column) {
        columns.push({ column, least: value, most: value, last: value });
        if (columns.length > COLUMNS) columns.shift();
      }
      for (const kept of [all, columns[columns.length - 1]]) {
        kept.least = Math.min(kept.least, value);
        kept.most = Math.max(kept.most, value);
        kept.last = value;
      }
    },

    /**
     * The line through the window whose first column is given. A column of several values is drawn from its least to its greatest, so no peak is lost.
     * @param {number} first
     * @returns {[column: number, value: number][]} columns counted from the first of the window
     */
    points(first) {
      return columns.flatMap(({ column, least, most, last }) => {
        if (column < first) return [];
        const values = least === most ? [last] : [least, most, last];
        return values.map((value) => /** @type {[number, number]} */ ([column - first, value]));
      });
    },
  };
}

/**
 * The ends of an axis that has 0 on it, and all values.
 * @param {number} least @param {number} most
 * @returns {[bottom: number, top: number]}
 */
export function axisOf(least, most) {
  const bottom = least < 0 ? -roundedUp(-least) : 0;
  if (most > 0) return [bottom, roundedUp(most)];
  return [bottom, bottom < 0 ? 0 : 1];
}

/** @param {number} value above 0 */
function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return (ROUND.find((round) => round * power >= value) ?? 10) * power;
}

/** As a person reads it: whole, or three digits; nothing where there was no value. @param {number} value */
export function inWords(value) {
  if (!Number.isFinite(value)) return '–';
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
