// @ts-check
// An attendee who turns a page is gone for a moment. Rows would jump to the end of the list and back, so somebody is gone only after some time. Pure.
//
// May import: nothing.

/** How long somebody counts as here after a view that no longer has them, in ms: about what a page takes to come on a slow Wi-Fi. */
export const GRACE = 3_000;

/** @typedef {import('./host-view.js').View} View */

/** Remembers when each attendee left. */
export function createPresence() {
  /** Ids of those who were here in the latest view. @type {Set<string>} */
  let here = new Set();
  /** When others left, in ms. @type {Map<string, number>} */
  let left = new Map();
  return {
    /** @param {View} view the latest @param {number} now in ms */
    see(view, now) {
      const gone = view.attendees.filter((one) => !one.here);
      // A view comes only when something has changed: whoever was in the one before has left just now. Whoever the server forgets is forgotten here too.
      left = new Map(gone.map(({ id }) => [id, here.has(id) ? now : (left.get(id) ?? Number.NEGATIVE_INFINITY)]));
      here = new Set(view.attendees.filter((one) => one.here).map(({ id }) => id));
    },

    /** The view with those who are only just gone still in it. @param {View} view @param {number} now @returns {View} */
    smooth(view, now) {
      const isLeaving = (/** @type {string} */ id) => now - (left.get(id) ?? Number.NEGATIVE_INFINITY) < GRACE;
      const attendees = view.attendees.map((one) => (!one.here && isLeaving(one.id) ? { ...one, here: true } : one));
      return { ...view, attendees };
    },
  };
}
