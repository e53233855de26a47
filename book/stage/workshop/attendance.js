// @ts-check
// What this page knows of the workshop: who the reader is, their pair, what the host has said. Each message of the server makes the next state of the
// one before. Names and texts are of other people: they are bounded here, and hidden characters are made visible. Pure.
//
// May import: pair-room.js, shown.js, ticket.js, ../visible.js.

import { visibleLine } from '../visible.js';
import { isPair } from './pair-room.js';
import { shownAfter } from './shown.js';
import { isTicket } from './ticket.js';

/** Characters of a name, of what the host says, of a title, of a place, and of why something is refused. */
const MAX = { name: 60, said: 500, title: 200, place: 400, words: 300 };
/** Members of a pair that are shown; the server lets three in. */
const MAX_MEMBERS = 10;
/** Peers of the pair's rooms that are named, and characters of their ids. */
const MAX_PEERS = { count: 40, id: 64 };
/** Messages of the host that are kept, the newest. */
const MAX_SAID = 10;
/** The longest timer, in ms. */
const MAX_REMAINING = 4 * 3_600_000;

/** @typedef {{ id: string, name: string, here: boolean }} Member */
/** @typedef {{ name: string, locked: boolean, members: Member[] }} Pair */
/** @typedef {{ id: string, name: string, ticket: string, shares: boolean, hand: boolean, waiting: boolean }} Self */

/**
 * @typedef {object} Attendance
 * @property {boolean} isConnected the server has said who the reader is, and the connection stands
 * @property {Self | undefined} self the reader, once the server has said it
 * @property {Pair | undefined} pair theirs
 * @property {ReadonlyMap<string, string>} peers what those in the rooms of the pair are called, by the ids that signaling knows them by
 * @property {{ number: number, text: string }[]} said by the host, the newest last
 * @property {{ number: number, place: string, title: string } | undefined} bring where the host asks to come
 * @property {{ label: string, endsAt: number } | undefined} timer by the clock of `performance.now()`
 * @property {string} address of the workshop, as the server has told it; empty until then
 * @property {import('./shown.js').Shown | undefined} shown the demo that the host shows
 * @property {{ number: number, code: string, words: string } | undefined} refused what was refused last
 * @property {string} turnedAway why the server did not let the page in when it was asked last; empty if it did, or did not answer yet
 * @property {number} count of what was numbered, so that the same text twice is two messages
 */

/** Before the server has said anything. @type {Attendance} */
export const UNKNOWN = {
  isConnected: false,
  self: undefined,
  pair: undefined,
  peers: new Map(),
  said: [],
  bring: undefined,
  timer: undefined,
  address: '',
  shown: undefined,
  refused: undefined,
  turnedAway: '',
  count: 0,
};

/**
 * The state after a message.
 * @param {Attendance} state
 * @param {any} message parsed
 * @param {number} now in ms
 * @returns {Attendance} the same object if it says nothing
 */
export function heard(state, message, now) {
  const number = state.count + 1;
  switch (message?.type) {
    case 'you':
      return withSelf(state, message);
    case 'peers':
      return { ...state, peers: peersOf(message.names) };
    case 'said': {
      const text = line(message.text, MAX.said);
      return text ? { ...state, count: number, said: [...state.said, { number, text }].slice(-MAX_SAID) } : state;
    }
    case 'bring': {
      const [place, title] = [textOf(message.place, MAX.place), line(message.title, MAX.title)];
      return { ...state, count: number, bring: { number, place, title: title || place } };
    }
    case 'timer': {
      const { remaining } = message;
      if (!Number.isFinite(remaining)) return { ...state, timer: undefined };
      const left = Math.min(Math.max(remaining, 0), MAX_REMAINING);
      return { ...state, timer: { label: line(message.label, MAX.title), endsAt: now + left } };
    }
    case 'address': {
      const address = webAddress(textOf(message.url, MAX.place));
      return address && address !== state.address ? { ...state, address } : state;
    }
    case 'shown':
    case 'shown-text':
    case 'shown-lines':
      return { ...state, shown: shownAfter(state.shown, message) };
    case 'refused': {
      const words = line(message.words, MAX.words) || 'The server refuses that.';
      const refused = { number, code: textOf(message.code, MAX.name), words };
      return { ...state, count: number, refused, turnedAway: state.isConnected ? '' : words };
    }
    default:
      return state;
  }
}

/** The connection is gone. Who is in the pair stays as it was: the page comes back into it. @param {Attendance} state @returns {Attendance} */
export const away = (state) => ({ ...state, isConnected: false });

/** The reader has answered whether they come. @param {Attendance} state @returns {Attendance} */
export const answered = (state) => ({ ...state, bring: undefined });

/**
 * Who is in a pair besides the reader: "you and Alder".
 * @param {Pair} pair
 * @param {string | undefined} id the reader's
 */
export function companyOf({ members }, id) {
  const others = members.filter((member) => member.id !== id);
  if (others.length === 0) return 'you alone';
  const names = others.map(({ name, here }) => (here ? name : `${name} (not here)`));
  return `you${names.map((name, i) => (i === names.length - 1 ? ` and ${name}` : `, ${name}`)).join('')}`;
}

/**
 * What is new about who is in the pair; empty if nothing is. Members come and go with each page that they open: that is no news.
 * @param {Pair | undefined} before
 * @param {Pair | undefined} now
 * @param {string | undefined} id the reader's
 */
export function newsOfPair(before, now, id) {
  if (idsOf(before) === idsOf(now)) return '';
  if (!now) return 'You are in no pair any more.';
  if (now.members.length > 1) return `Your pair, ${now.name}: ${companyOf(now, id)}.`;
  return before?.name === now.name ? 'You are alone in your pair now.' : `You have a pair of your own, ${now.name}.`;
}

/** @param {Pair | undefined} pair */
const idsOf = (pair) => (pair ? [pair.name, ...pair.members.map(({ id }) => id)].join(' ') : '');

/** @param {Attendance} state @param {any} message @returns {Attendance} */
function withSelf(state, message) {
  const { ticket, shares, hand, waiting } = message;
  if (!isTicket(ticket)) return state;
  const self = {
    id: textOf(message.id, MAX.name),
    name: line(message.name, MAX.name),
    ticket,
    shares: shares === true,
    hand: hand === true,
    waiting: waiting === true,
  };
  // Of a connection that begins, names and what the host shows are told after this, if there are any.
  const { peers, shown } = state.isConnected ? state : UNKNOWN;
  return { ...state, isConnected: true, turnedAway: '', self, pair: pairOf(message.pair), peers, shown };
}

/** @param {unknown} names @returns {ReadonlyMap<string, string>} */
function peersOf(names) {
  const all = names && typeof names === 'object' ? Object.entries(names) : [];
  const named = all
    .slice(0, MAX_PEERS.count)
    .map(([id, name]) => /** @type {const} */ ([id, line(name, MAX.name)]))
    .filter(([id, name]) => id.length <= MAX_PEERS.id && name);
  return new Map(named);
}

/** A name that is none of a pair is refused as a whole: it would stand in the code of demos. @param {any} pair @returns {Pair | undefined} */
function pairOf(pair) {
  if (!isPair(pair?.name) || !Array.isArray(pair.members)) return undefined;
  const members = Array.from(pair.members.slice(0, MAX_MEMBERS), (/** @type {any} */ member) => ({
    id: textOf(member?.id, MAX.name),
    name: line(member?.name, MAX.name),
    here: member?.here === true,
  }));
  return { name: pair.name, locked: pair.locked === true, members };
}

/** Only such a one may become a link. @param {string} text @returns {string} empty if it is none */
const webAddress = (text) => (/^https?:\/\/[^\s]+\/$/.test(text) && URL.canParse(text) ? text : '');

/** @param {unknown} value @param {number} most */
const textOf = (value, most) => (typeof value === 'string' ? value.slice(0, most) : '');

/** @param {unknown} value @param {number} most */
const line = (value, most) => visibleLine(textOf(value, most)).trim();
