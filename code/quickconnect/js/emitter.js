// @ts-check
// Events by name, nothing else. Names may be written with `:` or with `.`, as in the original library.

/** @typedef {(...args: any[]) => void} Listener */

/** @param {string} name */
const canonical = (name) => name.replaceAll('.', ':');

export function createEmitter() {
  /** @type {Map<string, Set<Listener>>} */
  const listeners = new Map();

  /**
   * @param {string} name
   * @param {Listener} listener
   * @returns {() => void} stops listening
   */
  function on(name, listener) {
    const key = canonical(name);
    const set = listeners.get(key) ?? new Set();
    listeners.set(key, set.add(listener));
    return () => off(name, listener);
  }

  /**
   * @param {string} name
   * @param {Listener} listener
   */
  function off(name, listener) {
    const key = canonical(name);
    const set = listeners.get(key);
    set?.delete(listener);
    if (set?.size === 0) listeners.delete(key);
  }

  /**
   * Calls every listener. One that throws is reported like any uncaught error and keeps none of the others from being called.
   * @param {string} name
   * @param {...any} args
   * @returns {boolean} whether anybody listened
   */
  function emit(name, ...args) {
    const set = listeners.get(canonical(name));
    if (!set) return false;
    for (const listener of [...set]) {
      try {
        listener(...args);
      } catch (error) {
        reportError(error);
      }
    }
    return true;
  }

  return { on, off, emit };
}
