// @ts-check
// Bounds work in time, and ends what it has started: connections, sockets, requests, listeners and timers are bound to the signal that the work gets.
//
// May import: nothing.

/**
 * Gives the work a signal that is aborted when its time is over, when `signal` is aborted, and at last when the work is done.
 * @template T
 * @param {number} ms its time
 * @param {AbortSignal} signal ends it earlier
 * @param {(signal: AbortSignal) => T | Promise<T>} work has to return soon after the abort
 * @returns {Promise<T>}
 */
export async function within(ms, signal, work) {
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, ms);
  signal.addEventListener('abort', end, { once: true, signal: ending.signal });
  try {
    signal.throwIfAborted();
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** Resolves when the signal is aborted. @param {AbortSignal} signal @returns {Promise<undefined>} */
export const aborted = (signal) =>
  new Promise((done) => {
    if (signal.aborted) done(undefined);
    else signal.addEventListener('abort', () => done(undefined), { once: true });
  });

/**
 * What a promise brings, or nothing from the abort on: a closed connection may leave its promises as they are, or reject them.
 * @template T
 * @param {Promise<T>} promise @param {AbortSignal} signal
 * @returns {Promise<T | undefined>}
 */
export function orAborted(promise, signal) {
  const brought = promise.catch((error) => {
    if (!signal.aborted) throw error;
    return undefined;
  });
  return Promise.race([brought, aborted(signal)]);
}

/** Resolves after this time, or when the signal is aborted. @param {number} ms @param {AbortSignal} signal @returns {Promise<undefined>} */
export async function pause(ms, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const passed = new Promise((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([passed, aborted(signal)]);
  clearTimeout(timer);
  return undefined;
}
