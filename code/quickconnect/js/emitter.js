// @ts-check
// Events by name, nothing else. Names may be written with `:` or with `.`, as in the original library.

/** @typedef {(...args: any[]) => void} Listener */

/** @param {string} name */
const canonical = (name) => name.replaceAll('.', ':');

export function createEmitter() {
  /** The listeners of each name, and what each is called through. @type {Map<string, Map<Listener, Listener>>} */
  const listeners = new Map();

  /**
   * @param {string} name
   * @param {Listener} listener
   * @param {Listener} [called] what is called in its place
   * @returns {() => void} stops listening
   */
  function on(name, listener, called = listener) {
    const key = canonical(name);
    listeners.set(key, (listeners.get(key) ?? new Map()).set(listener, called));
    return () => off(name, listener);
  }

  /**
   * @param {string} name
   * @param {Listener} listener
   * @returns {() => void} stops listening
   */
  function once(name, listener) {
    return on(name, listener, (...args) => {
      off(name, listener);
      listener(...args);
    });
  }

  /**
   * @param {string} name
   * @param {Listener} listener
   */
  function off(name, listener) {
    const key = canonical(name);
    const ofName = listeners.get(key);
    ofName?.delete(listener);
    if (ofName?.size === 0) listeners.delete(key);
  }

  /**
   * Calls every listener. One that throws is reported like any uncaught error and keeps none of the others from being called.
   * @param {string} name
   * @param {...any} args
   * @returns {boolean} whether anybody listened
   */
  function emit(name, ...args) {
    const ofName = listeners.get(canonical(name));
    if (!ofName) return false;
    for (const listener of [...ofName.values()]) {
      try {
        listener(...args);
      } catch (error) {
        reportError(error);
      }
    }
    return true;
  }

  return { on, once, off, emit };
}
