// @ts-check
// The demo that the host shows to everybody, as the server tells it: which one, and for whoever looks at it, its text and the lines of its console. They
// are another person's: bounded here, with hidden characters made visible, shown as text, and never run. Pure.
//
// May import: ../visible.js.

import { visible, visibleLine } from '../visible.js';

/** Characters of the text, of a line, of a path and of a name; the server has smaller bounds, in bytes. */
const MAX = { text: 70_000, line: 600, page: 200, name: 100 };
/** Lines that are kept, the newest. */
const MAX_LINES = 200;

const LEVELS = ['log', 'info', 'debug', 'warn', 'error'];

/** `number` counts the lines of what is shown. @typedef {{ number: number, level: string, text: string }} ShownLine */

/**
 * @typedef {object} Shown
 * @property {number} number by which the server knows it
 * @property {string} page its path in the book
 * @property {string} demo its name
 * @property {string | undefined} text undefined before this page looks at it
 * @property {ShownLine[]} lines
 * @property {number} count of all lines so far
 */

/**
 * What is shown after a message.
 * @param {Shown | undefined} shown
 * @param {any} message parsed
 * @returns {Shown | undefined}
 */
export function shownAfter(shown, message) {
  if (message.type === 'shown') return beginning(message);
  if (!shown) return undefined;
  if (message.type === 'shown-text') return { ...shown, text: visible(cut(message.text, MAX.text)) };
  const given = Array.isArray(message.lines) ? message.lines.slice(-MAX_LINES) : [];
  const added = given.map((/** @type {any} */ line, /** @type {number} */ i) => ({
    number: shown.count + i + 1,
    level: LEVELS.includes(line?.level) ? line.level : 'log',
    text: visible(cut(line?.text, MAX.line)),
  }));
  const before = message.cleared === true ? [] : shown.lines;
  return { ...shown, lines: [...before, ...added].slice(-MAX_LINES), count: shown.count + added.length };
}

/** @param {any} message @returns {Shown | undefined} */
function beginning({ number, page, demo }) {
  const name = visibleLine(cut(demo, MAX.name));
  if (!Number.isSafeInteger(number) || !name) return undefined;
  return { number, page: cut(page, MAX.page), demo: name, text: undefined, lines: [], count: 0 };
}

/** Whether two are of the same demo, shown by the same page. @param {Shown | undefined} one @param {Shown | undefined} other */
export const isSameShown = (one, other) =>
  one?.number === other?.number && one?.page === other?.page && one?.demo === other?.demo;

/** @param {unknown} value @param {number} most */
const cut = (value, most) => (typeof value === 'string' ? value.slice(0, most).toWellFormed() : '');
