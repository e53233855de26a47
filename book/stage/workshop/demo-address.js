// @ts-check
// The address of one demo in a workshop: that of the workshop, the page's path in the book, the demo's id, and the reader's pair, if there is one.
// The page of the reader may be at another address, such as `localhost` on the host's machine, or below a prefix, and what else stands in it (a
// query, another fragment) is left out. The room is no part of it: the code of the demo names it. Pure.
//
// May import: pair-link.js.

import { fragmentOf } from './pair-link.js';

/**
 * @param {object} parts
 * @param {string} parts.workshop the address that the host gives to everybody; it ends with a slash
 * @param {string} parts.root where the book is for this reader
 * @param {string} parts.page the address of the reader's page
 * @param {string} parts.id of the demo's element; empty for the page alone, if there is a pair
 * @param {string} [parts.pair] the reader's
 * @returns {{ href: string, place: string }} the address, and what of it stands behind that of the workshop
 */
export function demoAddress({ workshop, root, page, id, pair }) {
  const own = new URL(page);
  own.hash = fragmentOf(id, pair);
  const place = own.pathname.slice(new URL(root).pathname.length) + own.hash;
  // Joined as text, as the server does: a place that looks like an address would else lead to another server.
  return { href: workshop + place, place };
}
