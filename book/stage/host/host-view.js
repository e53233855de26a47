// @ts-check
// What the server tells the host's page, checked and bounded. Names, titles and errors are those of attendees: what could not be seen in them becomes
// visible here, so that all that follows may show them as text. Pure.
//
// May import: ../pings.js, ../visible.js.

import { silenceIn } from '../pings.js';
import { visibleLine } from '../visible.js';

/** What is looked at of a view: more than the server lets in. */
const MAX_ATTENDEES = 1_000;
const MAX_SOLVED = 100;
const MAX_CHECKS = 16;
const MAX_TRIED = 100;
/** Characters of a text that are shown. */
const MAX_TEXT = 300;

/**
 * Texts are empty where nothing is known.
 * @typedef {object} Attendee
 * @property {string} id
 * @property {string} name
 * @property {boolean} here
 * @property {string} page in view, its path below the book
 * @property {string} title of it
 * @property {string} demo in view
 * @property {boolean} running
 * @property {string} error
 * @property {'direct' | 'relay' | ''} way
 * @property {string[]} solved
 * @property {Check[]} checked what *Check this device* found there; empty if they did not show it
 * @property {boolean} hand
 * @property {number} handFor how long the hand is up, in ms, when the view was sent
 * @property {boolean} waiting for a pair
 * @property {string} pair
 * @property {boolean} shares
 */

/** @typedef {{ name: string, outcome: 'works' | 'fails' | 'untried', words: string }} Check */
/** @typedef {{ name: string, locked: boolean, members: string[] }} Pair */
/** `remaining` is in ms, when the view was sent. @typedef {{ label: string, remaining: number }} Timer */
/** @typedef {import('./reach-words.js').Reach} Reach */
/** @typedef {{ attendees: Attendee[], pairs: Pair[], noTls: number, timer: Timer | undefined, reach: Reach | undefined }} View */
/** A ping says how long the server may be silent from then on, in ms. @typedef {{ type: 'view', view: View } | { type: 'refused', words: string } | { type: 'ping', silence: number }} Told */

/**
 * What a message says.
 * @param {unknown} data
 * @returns {Told | undefined} undefined if it is no message that this page knows
 */
export function toldIn(data) {
  /** @type {any} */
  let message;
  try {
    message = JSON.parse(String(data));
  } catch {
    return undefined;
  }
  const silence = silenceIn(message);
  if (silence) return { type: 'ping', silence };
  if (message?.type === 'refused') return { type: 'refused', words: textIn(message.words) };
  if (message?.type !== 'view' || !Array.isArray(message.attendees) || !Array.isArray(message.pairs)) return undefined;
  return { type: 'view', view: viewIn(message) };
}

/** @param {any} message @returns {View} */
function viewIn({ attendees, pairs, noTls, timer, reach }) {
  return {
    attendees: distinct(attendees.slice(0, MAX_ATTENDEES).map(attendeeIn), 'id'),
    pairs: distinct(pairs.slice(0, MAX_ATTENDEES).map(pairIn), 'name'),
    noTls: numberIn(noTls),
    timer: timer ? { label: textIn(timer.label), remaining: numberIn(timer.remaining) } : undefined,
    reach: reach ? reachIn(reach) : undefined,
  };
}

/** @param {any} given @returns {Attendee} */
function attendeeIn(given) {
  const way = given?.way === 'direct' || given?.way === 'relay' ? given.way : '';
  return {
    id: textIn(given?.id),
    name: textIn(given?.name),
    here: given?.here === true,
    page: textIn(given?.page),
    title: textIn(given?.title) || textIn(given?.page),
    demo: textIn(given?.demo),
    running: given?.running === true,
    error: textIn(firstLineOf(given?.error)),
    way,
    solved: listIn(given?.solved).slice(0, MAX_SOLVED).map(textIn),
    checked: listIn(given?.checked).slice(0, MAX_CHECKS).map(checkIn),
    hand: given?.hand === true,
    handFor: numberIn(given?.handFor),
    waiting: given?.waiting === true,
    pair: textIn(given?.pair),
    shares: given?.shares === true,
  };
}

/** @param {any} given @returns {Reach} */
function reachIn(given) {
  return {
    ids: listIn(given.ids).slice(0, MAX_TRIED).map(textIn),
    rows: listIn(given.rows).slice(0, MAX_TRIED).map(textIn),
    remaining: numberIn(given.remaining),
    leftOut: numberIn(given.leftOut),
  };
}

/** @param {any} given @returns {Check} */
function checkIn(given) {
  const outcome = given?.outcome === 'works' || given?.outcome === 'fails' ? given.outcome : 'untried';
  return { name: textIn(given?.name), outcome, words: textIn(given?.words) };
}

/** @param {any} given @returns {Pair} */
function pairIn(given) {
  return {
    name: textIn(given?.name),
    locked: given?.locked === true,
    members: listIn(given?.members).slice(0, MAX_ATTENDEES).map(textIn),
  };
}

/** @param {unknown} given @returns {any[]} */
const listIn = (given) => (Array.isArray(given) ? given : []);

/** Errors may have a stack below their sentence. @param {unknown} given */
const firstLineOf = (given) =>
  typeof given === 'string' ? (given.split(/[\r\n]+/).find((line) => line.trim() !== '') ?? '').trim() : '';

/** @param {unknown} given */
function textIn(given) {
  if (typeof given !== 'string') return '';
  const characters = [...given];
  const text = characters.length > MAX_TEXT ? `${characters.slice(0, MAX_TEXT).join('')}…` : given;
  return visibleLine(text);
}

/** @param {unknown} given */
const numberIn = (given) => (typeof given === 'number' && Number.isFinite(given) ? Math.max(0, given) : 0);

/**
 * The first of each key; none without.
 * @template {Record<K, string>} T
 * @template {string} K
 * @param {T[]} all @param {K} key
 */
function distinct(all, key) {
  /** @type {Map<string, T>} */
  const found = new Map();
  for (const one of all) if (one[key] !== '' && !found.has(one[key])) found.set(one[key], one);
  return [...found.values()];
}
