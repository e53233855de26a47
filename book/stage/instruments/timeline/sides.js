// @ts-check
// The other sides that are shown. Their number is limited and anybody may join the room: sides that share events keep their place, silent
// ones lose it to newcomers, the longest there first. (Pages don't know the addresses of peers, by which places per machine could be
// limited.)
//
// May import: budget.js, exchange.js, ../../clock.js.

import { createClock } from '../../clock.js';
import { createBudget } from './budget.js';
import { MAX_SIDES } from './exchange.js';

/** Messages that are read from one side, per second and at once: twice what a page sends. */
const MESSAGES = { perSecond: 40, most: 40 };
/** Questions of one side that are answered, per second and at once. */
const ANSWERS = { perSecond: 1, most: 5 };
/** How long a newcomer may take, in ms, to share events and to answer a question, without which its clock is unknown. */
const GRACE = 10_000;

/** Ids that lost their place and are remembered, so that they don't get it back by joining again. */
const MAX_DISPLACED = 100;

/** @typedef {import('./exchange.js').Batch} Batch */

/**
 * @typedef {object} Other a page in the room
 * @property {ReturnType<typeof createClock>} clock its page's clock
 * @property {import('../../clock.js').Reading | undefined} reading of it
 * @property {number} metAt when it got its place, by the clock of `performance.now()`
 * @property {number} askedAt
 * @property {string} told what it knows of our run
 * @property {number} next the number of the event that it gets next
 * @property {Omit<Batch, 'events'> | undefined} about its run, as it said last
 * @property {import('../../events.js').TapEvent[]} events
 * @property {string} name
 * @property {boolean} isGone
 * @property {import('./budget.js').Budget} messages that it may send
 * @property {import('./budget.js').Budget} answers that it gets
 */

/** Creates the list of sides, empty at first. */
export function createSides() {
  /** In the order in which they came. @type {Map<string, Other>} */
  const others = new Map();
  /** @type {Set<string>} */
  const displaced = new Set();

  /** Frees a place if necessary. @param {number} most the highest rank that gives way @returns {boolean} whether there is room */
  function makeRoom(most) {
    if (others.size < MAX_SIDES) return true;
    const [[id, other]] = [...others].sort(([, a], [, b]) => rank(a) - rank(b));
    if (rank(other) > most) return false;
    others.delete(id);
    // A side that had left was not silent.
    if (!other.isGone) displaced.add(id);
    const [longestAgo] = displaced;
    if (displaced.size > MAX_DISPLACED) displaced.delete(longestAgo);
    return true;
  }

  return {
    /** @param {string} id */
    get: (id) => others.get(id),
    /** @returns {Iterable<[string, Other]>} */
    all: () => others,
    clear() {
      others.clear();
      displaced.clear();
    },

    /**
     * @param {string} id
     * @param {boolean} tells it told something, and did not only join or ask
     * @returns {Other | undefined} undefined if there is no place for it
     */
    meet(id, tells) {
      const known = others.get(id);
      // It may have missed anything while it was away, so all events are sent again.
      if (known?.isGone) Object.assign(known, { isGone: false, told: '', next: 0 });
      if (known) return known;
      if (!makeRoom(displaced.has(id) && !tells ? SILENT : NEW)) return undefined;
      const other = newcomer();
      others.set(id, other);
      return other;
    },
  };
}

/** Ranks. The side with the lowest one loses its place first. */
const [GONE, SILENT, NEW, SHOWS] = [0, 1, 2, 3];

/** @param {Other} other */
function rank({ isGone, events, reading, metAt }) {
  if (isGone) return GONE;
  const isNew = performance.now() - metAt < GRACE;
  if (events.length > 0 && (reading || isNew)) return SHOWS;
  return isNew ? NEW : SILENT;
}

/** @returns {Other} */
function newcomer() {
  return {
    clock: createClock(),
    reading: undefined,
    metAt: performance.now(),
    askedAt: -Infinity,
    told: '',
    next: 0,
    about: undefined,
    events: [],
    name: '',
    isGone: false,
    messages: createBudget(MESSAGES.perSecond, MESSAGES.most),
    answers: createBudget(ANSWERS.perSecond, ANSWERS.most),
  };
}
