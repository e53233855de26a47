// @ts-check
// A token bucket: how often something may happen. Timers of a tab in the background are late, so it is filled whenever it is asked. Pure but for the
// clock. Imports nothing.

/** @typedef {ReturnType<typeof createBudget>} Budget */

/** @param {number} perSecond how often, in the long run @param {number} [most] how often at once */
export function createBudget(perSecond, most = perSecond) {
  let left = most;
  let filledAt = performance.now();

  function fill() {
    const now = performance.now();
    left = Math.min(most, left + ((now - filledAt) / 1_000) * perSecond);
    filledAt = now;
    return left >= 1;
  }

  return {
    /** There is some left. */
    get isThere() {
      return fill();
    },
    /** @returns {boolean} whether there was some left, of which one is gone now */
    take() {
      if (!fill()) return false;
      left -= 1;
      return true;
    },
  };
}
