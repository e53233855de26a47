// @ts-check
// Who needs help, and in which order they are shown. Pure.
//
// May import: nothing.

/** @typedef {import('./host-view.js').Attendee} Attendee */
/** @typedef {import('./host-view.js').Pair} Pair */

/**
 * The first that is true of an attendee, the most urgent first: a raised hand, an error, nobody to connect to, nothing that runs, nothing of these.
 * Whoever is not here comes last.
 */
export const NEEDS = /** @type {const} */ (['hand', 'error', 'pair', 'still', 'none', 'away']);
/** @typedef {typeof NEEDS[number]} Need */

/** What the list can be narrowed to. */
export const FILTERS = /** @type {const} */ (['all', 'help', 'alone', 'unshared']);
/** @typedef {typeof FILTERS[number]} Filter */

/** Orders names as people do: “Alder 2” is before “Alder 10”. */
export const names = new Intl.Collator('en', { numeric: true });

/** Whether nobody else is in their pair. @param {Attendee} attendee @param {Map<string, Pair>} pairs by name */
export const isAlone = ({ pair }, pairs) => (pairs.get(pair)?.members.length ?? 0) < 2;

/** @param {Attendee} attendee @param {Map<string, Pair>} pairs by name @returns {Need} */
export function needOf(attendee, pairs) {
  if (!attendee.here) return 'away';
  if (attendee.hand) return 'hand';
  if (attendee.error) return 'error';
  if (attendee.waiting || isAlone(attendee, pairs)) return 'pair';
  // Of those who share nothing it is not known.
  return attendee.shares && !attendee.running ? 'still' : 'none';
}

/**
 * Whoever needs help most is first; of raised hands that which is up longest, of all others by name.
 * @template {{ need: Need, attendee: Attendee }} T
 * @param {T[]} all
 */
export const byNeed = (all) =>
  all.toSorted(
    (a, b) =>
      NEEDS.indexOf(a.need) - NEEDS.indexOf(b.need) ||
      (a.need === 'hand' ? b.attendee.handFor - a.attendee.handFor : 0) ||
      names.compare(a.attendee.name, b.attendee.name) ||
      names.compare(a.attendee.id, b.attendee.id),
  );

/** @param {Filter} filter @param {Attendee} attendee @param {Need} need @param {Map<string, Pair>} pairs */
export function isIn(filter, attendee, need, pairs) {
  if (filter === 'help') return need === 'hand' || need === 'error';
  if (filter === 'alone') return attendee.here && isAlone(attendee, pairs);
  if (filter === 'unshared') return !attendee.shares;
  return true;
}
