// @ts-check
// What the pages of one room say to each other, checked: whoever is in the room may say anything. Pure.

import { eventsOf } from '../../events.js';
import { splitMessage } from '../../wire.js';
import { redacted } from './redact.js';

/** The command of the messages. */
export const COMMAND = 'instruments';
/** The events of one message fill so many characters, so that every server takes it. */
const MAX_CHARACTERS = 7_000;
/** Events of one message: more do not fit into its characters. */
const MAX_BATCH = 250;
/** Other sides that are shown: more would not fit. */
export const MAX_SIDES = 7;
/** Of each other side, so many events are kept: the newest. */
export const MAX_SIDE_EVENTS = 2_000;
/** Clocks count from when a page was loaded: no page is open for a year, in ms. */
const MAX_CLOCK = 366 * 86_400_000;
/** Where clocks are less sure, in ms, a common timeline tells nothing. */
const MAX_UNCERTAINTY = 500;
const MAX_ID = 128;

/** @typedef {import('../../events.js').TapEvent} TapEvent */

/**
 * Events of one side, and where its run stands in time.
 * @typedef {object} Batch
 * @property {number} run which run of that page
 * @property {number} from where the batch before ended, counted in events from the beginning of the run
 * @property {number} to where this one ends: more than its events, if some are gone
 * @property {number} begin when the run began, by the clock of its page, in ms
 * @property {number} uncertainty of that, in ms
 * @property {TapEvent[]} events
 */

/** @typedef {{ ask: number } | { answer: number, now: number } | { batch: Batch }} Message `ask` is when, by the asker's clock, and comes back as `answer` */

/**
 * Another side, as it is drawn and kept.
 * @typedef {object} Side
 * @property {string} id of its page in the room
 * @property {string} name the id of its peer, as it claims
 * @property {number} shift what turns its times into ours, in ms
 * @property {number} uncertainty of that, in ms
 * @property {boolean} isGone
 * @property {number} lost events that are not here
 * @property {TapEvent[]} events
 */

/** @param {any} data @returns {Message | undefined} */
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

/** The first of these events that fit into one message, as they travel. @param {TapEvent[]} events */
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

/** What an event adds to a message, in which a `|` takes six characters (protocol.js). @param {object} travels */
const sizeOf = (travels) => JSON.stringify(travels).replaceAll('|', '\\u007c').length + ','.length;

/** Other sides of a saved recording: each has an id of its own, by which its events are told from those of the others. @param {unknown} list @returns {Side[]} */
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

/** The id by which a peer announces itself, if one of these events is that. @param {TapEvent[]} events */
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
