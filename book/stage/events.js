// @ts-check
// Validates the events that an iframe or a saved recording claims to have seen, and bounds them: the iframe runs the reader's code, and a recording
// may come from anybody.
//
// May import: wire.js.

import { GREETING } from './wire.js';

/** Events of one batch, or of one recording, that are read; of more, the last ones. */
const MAX_EVENTS = 20_000;
/** Events that a page keeps of a run, and characters of their texts. */
const MAX_KEPT = { events: 5_000, characters: 4_000_000 };
/** Characters of a description, which may have fifty media sections, or of a signaling message. The recorder of the iframe has the same bound … */
const MAX_TEXT = 200_000;
/** … and of any other text: a candidate, a label, the beginning of a message, the message of an error. */
const MAX_SHORT_TEXT = 2_000;
/** Characters of a name, a state, an id. */
const MAX_WORD = 200;
/** A day, in ms: no demo runs longer. */
const MAX_TIME = 86_400_000;

const TYPES = ['new', 'call', 'done', 'failed', 'state', 'candidate', 'candidate-error', 'message', 'error', 'event'];

/**
 * One thing that happened in a run.
 * @typedef {object} TapEvent
 * @property {number} at ms since Run
 * @property {string} type one of TYPES: `done` and `failed` tell the outcome of a `call`
 * @property {string} on whose: `pc1`, `ch1`, `ws1`, `tr1` of a track, `el1` of a media element, counted in each run
 * @property {string} name of the method, of the state machine, of the class
 * @property {string} value the state, the type of a description, the name of an error, what the code calls a new connection, `audio` or `video`
 * @property {string} text a description, a candidate, a signaling message, the beginning of another one, a label, the id of a track, the message of an error
 * @property {string} side `in` or `out` of a message; `local` or `remote` of a channel or a track
 * @property {string} of the connection of a channel or a track
 * @property {string} mid of a candidate
 * @property {string} fragment of the ICE user name, of a candidate
 * @property {string} fault the fault that was on and changed this
 * @property {number | undefined} index the candidate's media section, from 0
 * @property {number | undefined} line of the demo's code, from 1
 * @property {number | undefined} call which call it belongs to
 * @property {number | undefined} size of a message: bytes, or UTF-16 units of a text
 * @property {number | undefined} cut characters that are missing at the end of the text, which then ends with a whole line
 */

/**
 * @typedef {TapEvent & { peer?: string }} MergedEvent `peer` is the id of another side, and missing from events of this one. Times are those of this side.
 */

/**
 * Validates events; of a long list, the last ones.
 * @param {unknown} list
 * @returns {TapEvent[]} those that can be one
 */
export function eventsOf(list) {
  if (!Array.isArray(list)) return [];
  return Array.from(list.slice(-MAX_EVENTS), eventOf).filter((event) => event !== undefined);
}

/** @param {any} event @returns {TapEvent | undefined} */
function eventOf(event) {
  if (!TYPES.includes(event?.type) || typeof event.on !== 'string' || !/^(pc|ch|ws|tr|el)\d{1,6}$/.test(event.on))
    return undefined;
  const { text, cut } = wholeLines(event.text, isLong(event) ? MAX_TEXT : MAX_SHORT_TEXT, countOf(event.cut));
  return {
    at: timeOf(event.at),
    type: event.type,
    on: event.on,
    name: word(event.name),
    value: word(event.value),
    text: withoutSecrets(event.on, text),
    side: word(event.side),
    of: /^pc\d{1,6}$/.test(word(event.of)) ? event.of : '',
    mid: word(event.mid),
    fragment: word(event.fragment),
    fault: word(event.fault),
    index: countOf(event.index),
    line: countOf(event.line) || undefined,
    call: countOf(event.call),
    size: countOf(event.size),
    cut,
  };
}

/** A description, or a signaling message. @param {any} event */
const isLong = ({ on, type, name }) =>
  on.startsWith('ws')
    ? type === 'message'
    : on.startsWith('pc') && /^(set(Local|Remote)Description|create(Offer|Answer))$/.test(word(name));

/**
 * Cuts a text to a bound. One that is or was cut ends with a whole line.
 * @param {unknown} value
 * @param {number} most
 * @param {number | undefined} before characters that are missing already
 */
function wholeLines(value, most, before = 0) {
  const text = textOf(value, most);
  const missing = before + (typeof value === 'string' ? value.length - text.length : 0);
  if (missing === 0) return { text, cut: undefined };
  const end = text.lastIndexOf('\n') + 1 || text.length;
  return { text: text.slice(0, end), cut: missing + text.length - end };
}

/** As many events as a page keeps of a run. @template {TapEvent} T @param {T[]} events @returns {T[]} */
export const kept = (events) => bounded(events, MAX_KEPT.events, MAX_KEPT.characters);

/**
 * Drops events until they are within the bounds: first the oldest messages of channels, which are many and on which nothing else depends; then the
 * oldest descriptions, which renegotiation has replaced; then the oldest others. So the beginning of a long run is kept.
 * @template {TapEvent} T
 * @param {T[]} events @param {number} most @param {number} [mostCharacters] of their texts
 * @returns {T[]}
 */
export function bounded(events, most, mostCharacters = Infinity) {
  let count = events.length;
  let characters = events.reduce((sum, { text }) => sum + text.length, 0);
  const isOver = () => count > most || characters > mostCharacters;
  for (const canGo of [isChannelMessage, isDescription, () => true]) {
    if (!isOver()) break;
    events = events.filter((event) => {
      if (!isOver() || !canGo(event)) return true;
      count -= 1;
      characters -= event.text.length;
      return false;
    });
  }
  return events;
}

/** @param {TapEvent} event */
const isChannelMessage = ({ type, on }) => type === 'message' && on.startsWith('ch');

/** @param {TapEvent} event */
const isDescription = ({ on, text }) => on.startsWith('pc') && text.startsWith('v=0');

/** When something happened, in ms since Run. @param {any} value */
export const timeOf = (value) => (Number.isFinite(value) ? Math.min(Math.max(value, 0), MAX_TIME) : 0);

/** The proof that an iframe is the book's (proof.js), and the reader's ticket in a workshop, at the end of the addresses of its sockets. */
const PROOF = /[?&](?:proof|ticket)=[^&#\s'"]*/g;

/**
 * Removes secrets from what is recorded of sockets: the resume token in the server's greeting, and proof and ticket in addresses. They must appear
 * neither on a projector nor in a saved recording.
 * @param {string} on @param {string} text
 */
function withoutSecrets(on, text) {
  if (!on.startsWith('ws')) return text;
  return text.startsWith(GREETING) ? GREETING : text.replaceAll(PROOF, '');
}

/** @param {unknown} value @param {number} length */
const textOf = (value, length) => (typeof value === 'string' ? value.slice(0, length) : '');

/** @param {unknown} value */
const word = (value) => textOf(value, MAX_WORD);

/** A count: a whole number that is not negative. @param {unknown} value */
export const countOf = (value) =>
  Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0 ? /** @type {number} */ (value) : undefined;
