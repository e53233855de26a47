// @ts-check
// Whether a number that counts up moves, and how fast. Pure.
//
// May import: nothing.

/** What has not changed for so long, in ms, stands still. */
export const STILL_AFTER = 2_000;

/** @typedef {{ at: number, value: number | undefined }} Reading */

/**
 * The rates a second between readings; null where one of the two is missing, or where the count began anew.
 * @param {Reading[]} readings
 * @returns {(number | null)[]}
 */
export const ratesOf = (readings) =>
  readings.map(({ at, value }, i) => {
    const before = readings[i - 1];
    if (value === undefined || before?.value === undefined || value < before.value || at <= before.at) return null;
    return ((value - before.value) * 1_000) / (at - before.at);
  });

/**
 * Whether a count moves. One that has not moved is only said to stand still once that lasts.
 * @param {Reading[]} readings
 * @returns {'moves' | 'still' | 'early' | 'unknown'}
 */
export function movementOf(readings) {
  const last = readings[readings.length - 1];
  if (last?.value === undefined) return 'unknown';
  const begin = readings.findLastIndex(({ value }) => value !== last.value) + 1;
  if (last.at - readings[begin].at >= STILL_AFTER) return 'still';
  return begin > 0 ? 'moves' : 'early';
}

/**
 * How much a count has grown within the last so many ms; undefined if that is not known.
 * @param {Reading[]} readings @param {number} within
 */
export function growthOf(readings, within) {
  const last = readings[readings.length - 1];
  const first = readings.findLast(({ at }) => last !== undefined && last.at - at >= within);
  if (last?.value === undefined || first?.value === undefined) return undefined;
  return last.value - first.value;
}
