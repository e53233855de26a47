// @ts-check
// From a view of the server to the rows of the list: each has its words, in the order in which it is shown. Pure.
//
// May import: needs.js, ../durations.js.

import { lasted } from '../durations.js';
import { byNeed, isIn, needOf } from './needs.js';

/** @typedef {import('./host-view.js').Attendee} Attendee */
/** @typedef {import('./host-view.js').Pair} Pair */

/**
 * Texts are empty where there is nothing to say.
 * @typedef {object} AttendeeRow
 * @property {string} id
 * @property {string} name
 * @property {import('./needs.js').Need} need
 * @property {string} hand
 * @property {string} pair
 * @property {string} place
 * @property {string} state
 * @property {string} way
 * @property {string} error
 * @property {string} check what their device can do
 * @property {string[]} solved
 * @property {boolean} isPaired whether they can be taken out of a pair
 */

/** @type {Record<Attendee['way'], string>} */
const WAYS = { direct: 'connected directly', relay: 'connected through the relay', '': 'not connected' };

/**
 * @param {import('./host-view.js').View} view
 * @param {{ filter: import('./needs.js').Filter, kept?: string, since?: number }} how `kept` is the id of a row that stays whatever the filter, and
 * `since` how old the view is, in ms
 * @returns {AttendeeRow[]}
 */
export function attendeeRows({ attendees, pairs }, { filter, kept, since = 0 }) {
  const byName = new Map(pairs.map((pair) => [pair.name, pair]));
  const namesById = new Map(attendees.map(({ id, name }) => [id, name]));
  const all = attendees.map((attendee) => ({ attendee, need: needOf(attendee, byName) }));
  const shown = all.filter(({ attendee, need }) => attendee.id === kept || isIn(filter, attendee, need, byName));
  return byNeed(shown).map(({ attendee, need }) => ({
    id: attendee.id,
    name: attendee.name,
    need,
    hand: attendee.hand ? `hand raised, ${lasted(attendee.handFor + since)}` : '',
    pair: pairWords(attendee, byName.get(attendee.pair), namesById),
    ...sharedWords(attendee),
    isPaired: attendee.pair !== '',
  }));
}

/** @param {Attendee} attendee @param {Pair | undefined} pair @param {Map<string, string>} names */
function pairWords({ id, waiting, pair: name }, pair, names) {
  if (!pair) return waiting ? 'waits for a pair' : name || 'without a pair';
  const others = pair.members.filter((member) => member !== id).map((member) => names.get(member) ?? member);
  if (others.length === 0) return waiting ? `${pair.name}, waits for somebody` : `${pair.name}, alone`;
  return `${pair.name}, with ${others.join(' and ')}`;
}

/** What is known only of those who share it. @param {Attendee} attendee */
function sharedWords({ here, shares, title, demo, running, way, error, checked, solved }) {
  if (!shares)
    return { place: 'does not share', state: here ? '' : 'not here', way: '', error: '', check: '', solved: [] };
  return {
    place: [title, demo].filter(Boolean).join(' › ') || 'no page yet',
    state: here ? (running ? 'running' : 'not running') : 'not here',
    // Nothing that runs has no connection to speak of.
    way: here && (running || way) ? WAYS[way] : '',
    error,
    check: checkWords(checked),
    solved,
  };
}

/** @param {import('./host-view.js').Check[]} checked */
function checkWords(checked) {
  if (checked.length === 0) return '';
  const failed = checked.filter(({ outcome }) => outcome === 'fails');
  if (failed.length === 0) return '✓ Device checked: all that was tried works.';
  const sentences = failed.map(({ name, words }) => `${name}${words ? `: ${words}` : '.'}`);
  return `✗ Device checked. Does not work: ${sentences.join(' ')}`;
}
