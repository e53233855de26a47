// @ts-check
// A workshop whose address has changed: where this page is there, and what a browser takes along. At another address a browser keeps nothing yet, and its
// reader would be somebody new; so the ticket goes along in the fragment of the link, which is in no request, and is taken out of the address at once. Pure.
//
// May import: ticket.js.

import { isTicket } from './ticket.js';

/** How a fragment begins that brings a ticket, from a reader who shares with the host, and from one who doesn't. */
const BRINGS = { sharing: '#~as:', quiet: '#~quietly-as:' };

/**
 * Whether a page is at an address of a workshop. Over TLS, it is at the same host and port.
 * @param {string} page
 * @param {string} workshop
 */
export const isAt = (page, workshop) => hostOf(page) === hostOf(workshop);

/** @param {string} address */
function hostOf(address) {
  try {
    const { hostname, port, protocol } = new URL(address);
    // What a scheme leaves out: TLS is spoken at the port of plain HTTP.
    return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  } catch {
    return '';
  }
}

/**
 * The address of a page in the workshop that has moved.
 * @param {object} where
 * @param {string} where.workshop its new address, which ends with a slash
 * @param {string} where.root where the book is for this reader
 * @param {string} where.page the address of the reader's page
 */
export function addressThere({ workshop, root, page }) {
  const there = new URL(workshop);
  // Who has come by https:// goes on so.
  if (new URL(page).protocol === 'https:' && there.protocol === 'http:') {
    const port = there.port || '80';
    there.protocol = 'https:';
    there.port = port;
  }
  // Joined as text: a path that looks like an address would else lead to another server.
  return there.href + new URL(page).pathname.slice(new URL(root).pathname.length);
}

/** What a link has behind the address of a page. @param {string | undefined} ticket @param {boolean} shares */
export const bringing = (ticket, shares) => (ticket ? (shares ? BRINGS.sharing : BRINGS.quiet) + ticket : '');

/**
 * What a fragment brings.
 * @param {string} fragment with its `#`, as `location.hash` is
 * @returns {{ ticket: string, shares: boolean } | undefined}
 */
export function broughtIn(fragment) {
  for (const [kind, begin] of Object.entries(BRINGS)) {
    const ticket = fragment.slice(begin.length);
    if (fragment.startsWith(begin) && isTicket(ticket)) return { ticket, shares: kind === 'sharing' };
  }
  return undefined;
}

/**
 * What the reader is asked when a ticket came with the address. Anybody can make such a link: to whoever is somebody here already, it is not said that the
 * workshop has moved, and they are told whom they would be no more.
 * @param {{ name: string, pair: string | undefined, own: string }} who as the ticket says, and the reader's name here; empty without one
 * @returns {{ sentence: string, stay: string }} `stay` is the answer to go on without the ticket
 */
export function questionOf({ name, pair, own }) {
  const inPair = pair ? `, in the pair ${pair}` : '';
  if (!own)
    return { sentence: `The workshop has moved here. Go on as ${name}${inPair}?`, stay: 'Come as somebody new' };
  const sentence = `This link has the ticket of ${name}${inPair}. Go on as ${name}, and not as ${own} any more? Only if the ticket is yours.`;
  return { sentence, stay: `Stay ${own}` };
}
