// @ts-check
// The address of one demo in a workshop: that of the workshop, the page's path in the book, and the demo's id. The page of the reader may be at
// another address, such as `localhost` on the host's machine, or below a prefix, and what else stands in it (a query, another fragment) is left
// out. The room is no part of it: the code of the demo names it. Pure.
//
// May import: nothing.

/**
 * @param {object} parts
 * @param {string} parts.workshop the address that the host gives to everybody; it ends with a slash
 * @param {string} parts.root where the book is for this reader
 * @param {string} parts.page the address of the reader's page
 * @param {string} parts.id of the demo's element
 * @returns {{ href: string, place: string }} the address, and what of it stands behind that of the workshop
 */
export function demoAddress({ workshop, root, page, id }) {
  const own = new URL(page);
  own.hash = id;
  const place = own.pathname.slice(new URL(root).pathname.length) + own.hash;
  // Joined as text, as the server does: a place that looks like an address would else lead to another server.
  return { href: workshop + place, place };
}
