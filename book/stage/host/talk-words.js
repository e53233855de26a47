// @ts-check
// What the host's page says of a talk: its clock against the plan, and who is on its page already. Pure.
//
// May import: ../durations.js.

import { clockOf } from '../durations.js';

/** Names that are listed of those who are there, and of those who are not. */
const MAX_NAMES = 30;

/** @typedef {import('./talk.js').Moment} Moment */
/** @typedef {import('./host-view.js').Attendee} Attendee */

/** Whole seconds that have passed. @param {number} ms */
const passed = (ms) => clockOf(Math.floor(ms / 1_000) * 1_000);

/** The time of something against what was planned: “3:20 of 5 min”, “6:10 of 5 min, 1:10 over”. @param {number} spent in ms @param {number} planned in ms */
export function timeWords(spent, planned) {
  const over = spent >= planned + 1_000 ? `, ${passed(spent - planned)} over` : '';
  return `${passed(spent)} of ${Math.round(planned / 60_000)} min${over}`;
}

/** Which section is on. @param {Moment} moment */
export const sectionWords = ({ number, count, section }) => `${number} of ${count}: ${section.title}`;

/** The same for who hears it, with what is planned. @param {Moment} moment */
export const sectionSentence = (moment) => `${sectionWords(moment)}, ${moment.section.minutes} min.`;

/**
 * Who of those who are here has a page open.
 * @param {Attendee[]} attendees @param {string} page
 */
export function attendeesOn(attendees, page) {
  const here = attendees.filter((one) => one.here);
  const sharing = here.filter(({ shares }) => shares);
  const names = (/** @type {Attendee[]} */ ones) => ones.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
  return {
    there: names(sharing.filter((one) => one.page === page)),
    elsewhere: names(sharing.filter((one) => one.page !== page)),
    unknown: here.length - sharing.length,
  };
}

/** How many are there. @param {ReturnType<typeof attendeesOn>} found */
export function thereWords({ there, elsewhere, unknown }) {
  const sharing = there.length + elsewhere.length;
  const secret = unknown === 0 ? '' : ` Of ${unknown} more it is not known: they don’t share.`;
  if (sharing === 0) return unknown === 0 ? 'Nobody is here yet.' : `Nobody who is here shares a page.`;
  if (elsewhere.length === 0) return `Everybody is on this page: ${sharing}.${secret}`;
  return `${there.length} of ${sharing} are on this page.${secret}`;
}

/** Names in a list, the first of them. @param {string[]} names */
export const namesWords = (names) =>
  names.slice(0, MAX_NAMES).join(', ') + (names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '');
