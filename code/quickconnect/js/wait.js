// @ts-check
// A timeout that does not fire before events that are older than it.
//
// May import: nothing.

/**
 * When a page was busy, frozen or asleep, an overdue timer may fire before the events that arrived meanwhile. So the time is split into two timers:
 * the second one starts only when the page runs again, and such events are handled before it fires.
 * @param {number} ms for both parts
 * @param {() => void} act
 * @returns {() => void} stops waiting
 */
export function wait(ms, act) {
  let timer = setTimeout(() => (timer = setTimeout(act, ms / 2)), ms / 2);
  return () => clearTimeout(timer);
}
