// @ts-check
// The errors of requests for devices, as browsers have them.
//
// May import: nothing.

/** @param {string} name @param {string} message */
export const failure = (name, message) => new DOMException(`${message} (stand-in devices)`, name);

/**
 * Of the browser's own class, where it has one that can be made.
 * @param {string} constraint the name of one that can't be met; empty if there is none in particular
 * @param {string} message
 */
export function overconstrained(constraint, message) {
  const words = `${message} (stand-in devices)`;
  const Native = /** @type {any} */ (globalThis).OverconstrainedError;
  try {
    const error = new Native(constraint, words);
    if (error.constraint === constraint && error.name === 'OverconstrainedError') return error;
  } catch {
    // There is no such class, or nobody may use it.
  }
  const error = new DOMException(words, 'OverconstrainedError');
  return Object.defineProperty(error, 'constraint', { value: constraint, enumerable: true });
}
