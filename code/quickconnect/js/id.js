// @ts-check
// Ids of peers: unique, and sorted by the time at which they were made.
//
// May import: nothing.

const RANDOM_LENGTH = 16;

/** An id that begins with the time. The peer with the lower id makes the offer, so it is the one that came first, as in the original library. */
export function createId() {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_LENGTH));
  return `c${Date.now().toString(36)}${Array.from(random, (byte) => (byte % 36).toString(36)).join('')}`;
}
