// @ts-check
// Whoever wants to be told of something that happens, until a signal ends it.
//
// May import: nothing.

/** @template {unknown[]} T what they are told */
export function createSubscribers() {
  /** @type {Set<(...told: T) => void>} */
  const all = new Set();
  return {
    /** @param {(...told: T) => void} listener @param {AbortSignal} [signal] ends that */
    add(listener, signal) {
      all.add(listener);
      signal?.addEventListener('abort', () => all.delete(listener));
    },

    /** @param {T} told */
    tell(...told) {
      for (const listener of all) listener(...told);
    },
  };
}
