// @ts-check
// The messages between pages that share events: creates and validates them, because any member of the room may send anything. Pure.
//
// May import: redact.js, ../../events.js, ../../wire.js.

import { eventsOf } from '../../events.js';
import { splitMessage } from '../../wire.js';
import { redacted } from './redact.js';

/** The command of these signaling messages. */
export const COMMAND = 'instruments';
/** Characters of the events of one message: below the limit of every server. */
const MAX_CHARACTERS = 7_000;
/** Events of one message: more would not fit into these characters. */
const MAX_BATCH = 250;
/** Other sides that are shown at once. */
export const MAX_SIDES = 7;
/** Events that are kept of each other side, the newest. */
export const MAX_SIDE_EVENTS = 2_000;
/** The largest time of a page's clock, which starts when the page is loaded: a year, in ms. */
const MAX_CLOCK = 366 * 86_400_000;
/** The largest uncertainty of a clock, in ms, with which a common timeline makes sense. */
const MAX_UNCERTAINTY = 500;
const MAX_ID = 128;

/** @typedef {import('../../events.js').TapEvent} TapEvent */

/**
 * Events of one side, and when its run began.
 * @typedef {object} Batch
 * @property {number} run which run of that page
 * @property {number} from where the batch before ended, counted in events from the beginning of the run
 * @property {number} to where this one ends: more than its events, if some are gone
 * @property {number} begin when the run began, by the clock of its page, in ms
 * @property {number} uncertainty of that, in ms
 * @property {TapEvent[]} events
 */

/**
 * @typedef {{ ask: number } | { answer: number, now: number } | { batch: Batch }} Message `ask` is when, by the asker's clock, and comes back as `answer`
 */

/**
 * Another side, as it is drawn and saved.
 * @typedef {object} Side
 * @property {string} id of its page in the room
 * @property {string} name the id of its peer, as it claims
 * @property {number} shift what turns its times into ours, in ms
 * @property {number} uncertainty of that, in ms
 * @property {boolean} isGone
 * @property {number} lost events that are not here
 * @property {TapEvent[]} events
 */

/** Validates a message of another page. @param {any} data @returns {Message | undefined} */
export function messageOf(data) {
  if (isClock(data?.ask)) return { ask: data.ask };
  if (isClock(data?.answer) && isClock(data.now)) return { answer: data.answer, now: data.now };
  const batch = data?.batch;
  if (!isCount(batch?.run) || !isCount(batch.from) || !isClock(batch.begin) || !isUncertainty(batch.uncertainty))
    return undefined;
  if (!Array.isArray(batch.events) || batch.events.length > MAX_BATCH) return undefined;
  const events = eventsOf(batch.events).map(redacted);
  if (events.length < batch.events.length || !isCount(batch.to) || batch.to - batch.from < events.length)
    return undefined;
  return {
    batch: {
      run: batch.run,
      from: batch.from,
      to: batch.to,
      begin: batch.begin,
      uncertainty: batch.uncertainty,
      events,
    },
  };
}

/** The first events that fit into one message, redacted and without empty fields. @param {TapEvent[]} events */
export function nextBatch(events) {
  const batch = [];
  let characters = 0;
  for (const event of events) {
    const travels = Object.fromEntries(
      Object.entries(redacted(event)).filter(([, value]) => value !== '' && value !== undefined),
    );
    characters += sizeOf(travels);
    if (batch.length > 0 && (characters > MAX_CHARACTERS || batch.length === MAX_BATCH)) break;
    batch.push(travels);
  }
  return batch;
}

/** Characters that an event adds to a message, in which `|` is escaped with six (protocol.js). @param {object} travels */
const sizeOf = (travels) => JSON.stringify(travels).replaceAll('|', '\\u007c').length + ','.length;

/**
 * Validates the other sides of a saved recording. Their ids must differ, because events are attributed by id.
 * @param {unknown} list
 * @returns {Side[]}
 */
export function sidesOf(list) {
  if (!Array.isArray(list)) return [];
  const sides = Array.from(list.slice(0, MAX_SIDES), sideOf).filter((side) => side !== undefined);
  return sides.filter(({ id }, i) => id && sides.findIndex((other) => other.id === id) === i);
}

/** @param {any} side @returns {Side | undefined} */
function sideOf(side) {
  if (typeof side?.id !== 'string' || !isClock(side.shift) || !isUncertainty(side.uncertainty)) return undefined;
  const all = Array.isArray(side.events) ? side.events : [];
  const events = eventsOf(all.slice(-MAX_SIDE_EVENTS)).map(redacted);
  return {
    id: side.id.slice(0, MAX_ID),
    name: typeof side.name === 'string' ? side.name.slice(0, MAX_ID) : '',
    shift: side.shift,
    uncertainty: side.uncertainty,
    isGone: side.isGone === true,
    lost: (isCount(side.lost) ? side.lost : 0) + all.length - events.length,
    events,
  };
}

/** The id in the announce among these events, if there is one. @param {TapEvent[]} events */
export function announcedName(events) {
  for (const { on, type, side, text } of events) {
    const message = on.startsWith('ws') && type === 'message' && side === 'out' ? splitMessage(text) : undefined;
    if (message?.command === 'announce' && message.target === undefined) return message.sender.slice(0, MAX_ID);
  }
  return '';
}

/** @param {unknown} value */
const isCount = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
/** @param {unknown} value */
const isClock = (value) => typeof value === 'number' && Math.abs(value) <= MAX_CLOCK;
/** @param {unknown} value */
const isUncertainty = (value) => typeof value === 'number' && value >= 0 && value <= MAX_UNCERTAINTY;
