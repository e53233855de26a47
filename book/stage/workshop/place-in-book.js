// @ts-check
// Places in the book, as the host names them: `connecting/index.html#demo-createoffer.js`. Pure.
//
// May import: nothing.

/**
 * The address of a place; undefined if it is none of this book.
 * @param {string} root where the book is
 * @param {string} place
 */
export function addressIn(root, place) {
  let address;
  try {
    address = new URL(place, root);
  } catch {
    return undefined;
  }
  const isText = /^[\w./%~-]*(#.*)?$/.test(place) && !place.startsWith('/');
  return isText && address.href.startsWith(root) ? address.href : undefined;
}

/** The path of a page from the root, as the server names it. @param {string} root @param {string} page */
export function pageIn(root, page) {
  const path = new URL(page).pathname.slice(new URL(root).pathname.length);
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

/** Whether two addresses are of one page. @param {string} one @param {string} other */
export function isSamePage(one, other) {
  const [a, b] = [one, other].map((address) => new URL(address));
  return a.origin === b.origin && withoutIndex(a.pathname) === withoutIndex(b.pathname);
}

/** @param {string} path */
const withoutIndex = (path) => path.replace(/\/index\.html$/, '/');
