// @ts-check
// How long to wait before the next attempt: longer each time, and never the same for two peers.

/**
 * @param {number} first the first wait, in ms
 * @param {number} longest the longest, in ms
 */
export function createBackoff(first, longest) {
  let attempts = 0;
  return {
    /** Between half and all of what is due, so that those who lost the same server don't all come back at once. */
    next: () => Math.min(longest, first * 2 ** attempts++) * (0.5 + Math.random() / 2),
    reset() {
      attempts = 0;
    },
  };
}
