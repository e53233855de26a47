// @ts-check
// An event emitter. Names may be written with `:` or with `.`, as in the original library.
//
// May import: nothing.

/** @typedef {(...args: any[]) => void} Listener */

/** @param {string} name */
const canonical = (name) => name.replaceAll('.', ':');

/** Creates an emitter. */
export function createEmitter() {
  /** In the order in which they came. @type {Set<{ key: string, listener: Listener, isOnce: boolean }>} */
  const registrations = new Set();

  /**
   * @param {string} name
   * @param {Listener} listener
   * @returns {() => void} stops listening
   */
  function on(name, listener, isOnce = false) {
    const registration = { key: canonical(name), listener, isOnce };
    registrations.add(registration);
    return () => registrations.delete(registration);
  }

  /** @param {string} name */
  const of = (name) => [...registrations].filter(({ key }) => key === canonical(name));

  return {
    on,

    /** @param {string} name @param {Listener} listener */
    once: (name, listener) => on(name, listener, true),

    /** @param {string} name @param {Listener} listener however often it listens */
    off(name, listener) {
      for (const registration of of(name)) if (registration.listener === listener) registrations.delete(registration);
    },

    /**
     * Calls all listeners, but for those that an earlier one has removed. An exception in one of them is reported like any uncaught error; the
     * others are called all the same.
     * @param {string} name
     * @param {...any} args
     * @returns {boolean} whether anybody listened
     */
    emit(name, ...args) {
      const called = of(name);
      for (const registration of called) {
        if (!registrations.has(registration)) continue;
        if (registration.isOnce) registrations.delete(registration);
        try {
          registration.listener(...args);
        } catch (error) {
          reportError(error);
        }
      }
      return called.length > 0;
    },
  };
}
