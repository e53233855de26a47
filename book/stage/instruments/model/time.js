// @ts-check
// Times in words. Pure.
//
// May import: nothing.

/** A time in words. @param {number} value in ms */
export const inWords = (value) => (value < 1_000 ? `${value.toFixed(0)} ms` : `${(value / 1_000).toFixed(1)} s`);
