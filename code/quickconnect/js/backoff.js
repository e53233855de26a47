// @ts-check
// Exponential backoff with jitter.
//
// May import: nothing.

/**
 * Creates a backoff.
 * @param {number} first the first wait, in ms
 * @param {number} longest the longest, in ms
 */
export function createBackoff(first, longest) {
  let attempts = 0;
  return {
    /** The next wait, in ms: from half to all of the backoff, at random, so that peers that lost the same server don't all reconnect at once. */
    next: () => Math.min(longest, first * 2 ** attempts++) * (0.5 + Math.random() / 2),
    reset() {
      attempts = 0;
    },
  };
}
