// @ts-check
// A wait that ends only after the page could hear what came meanwhile. Imports nothing.

/**
 * A page that was busy, frozen or asleep may run a timer that is long due before the events that came in the meantime. So the wait has two
 * parts: those events come before the end of the second.
 * @param {number} ms for both parts
 * @param {() => void} act
 * @returns {() => void} stops waiting
 */
export function wait(ms, act) {
  let timer = setTimeout(() => (timer = setTimeout(act, ms / 2)), ms / 2);
  return () => clearTimeout(timer);
}
