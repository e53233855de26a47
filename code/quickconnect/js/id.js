// @ts-check
// Who am I: an id that no two tabs share, and that sorts by the time it was made.

const RANDOM_LENGTH = 16;

/** Of two peers the lower id makes the offer. Ids that begin with the time let the peer that came first do it, as the original's do. */
export function createId() {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_LENGTH));
  return `c${Date.now().toString(36)}${Array.from(random, (byte) => (byte % 36).toString(36)).join('')}`;
}
