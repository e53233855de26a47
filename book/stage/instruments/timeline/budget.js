// @ts-check
// A token bucket. It is refilled when it is asked instead of by a timer, because timers of a background tab are late. Reads the clock.
//
// May import: nothing.

/** @typedef {ReturnType<typeof createBudget>} Budget */

/**
 * Creates a token bucket, which is full at first.
 * @param {number} perSecond how often, in the long run
 * @param {number} [most] how often at once
 */
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
    /** Whether there is a token. */
    get isThere() {
      return fill();
    },
    /** Takes a token. @returns {boolean} whether there was one */
    take() {
      if (!fill()) return false;
      left -= 1;
      return true;
    },
  };
}
