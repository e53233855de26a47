// @ts-check
// What this browser keeps of a workshop: the ticket, by which it comes back as the same attendee into the same pair, the name that the reader chose,
// and whether the host may see what they do. One that keeps nothing forgets them with the page.
//
// May import: pair-room.js, ../visible.js.

import { visibleLine } from '../visible.js';
import { isPair } from './pair-room.js';

/** The keys in localStorage. */
const KEYS = { ticket: 'guidebook-ticket', name: 'guidebook-name', shares: 'guidebook-shares' };
/** Claims and a signature, both in base64url: it stands in addresses. */
const TICKET = /^[\w-]{1,1000}\.[\w-]{1,200}$/;
/** Characters of a name that are shown. */
const MAX_NAME = 60;
/** What is set while the browser denies storage. @type {Map<string, string>} */
const memory = new Map();

/** Whether this can be a ticket. @param {unknown} text @returns {text is string} */
export const isTicket = (text) => typeof text === 'string' && TICKET.test(text);

/** The ticket that was kept last; undefined without one. */
export function keptTicket() {
  const ticket = read(KEYS.ticket);
  return isTicket(ticket) ? ticket : undefined;
}

/** @param {string} ticket */
export const keepTicket = (ticket) => write(KEYS.ticket, ticket);

/** The name that the reader chose; undefined if they did not. */
export const keptName = () => read(KEYS.name) || undefined;

/** @param {string} name */
export const keepName = (name) => write(KEYS.name, name);

/** Whether the host may see what the reader does. */
export const keptShares = () => read(KEYS.shares) !== 'no';

/** @param {boolean} shares */
export const keepShares = (shares) => write(KEYS.shares, shares ? 'yes' : 'no');

/**
 * The pair that a ticket is for, as it says; the server has the last word.
 * @param {string} ticket
 * @param {number} now in ms since 1970
 * @returns {string | undefined} undefined also for a ticket that is too old: it is of another workshop
 */
export function pairIn(ticket, now) {
  const { pair } = claimsIn(ticket);
  return isPair(pair?.name) && !isOver(ticket, now) ? pair.name : undefined;
}

/** Whether a ticket is too old, as it says: it is of another workshop. @param {string} ticket @param {number} now in ms since 1970 */
export const isOver = (ticket, now) => !(claimsIn(ticket).until > now);

/** The name of whoever has a ticket, as it says; empty if it says none. It is anybody's text. @param {string} ticket */
export function nameIn(ticket) {
  const { name } = claimsIn(ticket);
  return typeof name === 'string' ? visibleLine(name.slice(0, MAX_NAME)).trim() : '';
}

/** @param {string} ticket @returns {any} an object */
function claimsIn(ticket) {
  try {
    const [claims] = ticket.split('.');
    const bytes = Uint8Array.from(atob(claims.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    return {};
  }
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key) ?? memory.get(key);
  } catch {
    return memory.get(key);
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // The browser denies storage to this site, or has no room left: it holds until the page is left.
  }
}
