// @ts-check
// What a setting may be, and the error for one that may not. Pure.
//
// May import: nothing.

/**
 * A number that was given, if it is one of a range.
 * @param {string} what whose it is, as the error says
 * @param {unknown} value
 * @param {[least: number, most: number]} range
 * @returns {number}
 */
export function inRange(what, value, [least, most]) {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new RangeError(`${what} is ${String(value)}, which is out of range: it may be ${least} to ${most}.`);
}
