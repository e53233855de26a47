// @ts-check
// Where everybody can be brought: the pages of the book, as its table of contents has them, and the demos of a page. Pure.
//
// May import: nothing.

/** `path` is that below the book, as `connecting/index.html`. @typedef {{ path: string, title: string }} Place */

/** More than the book has. */
const MAX_PLACES = 500;
const MAX_DEMOS = 50;

/**
 * The pages that links lead to, each once.
 * @param {{ href: string, title: string }[]} links in the table of contents, with whole addresses
 * @param {string} root where the book is
 * @param {string} own the address of this page, which nobody is brought to
 * @returns {Place[]}
 */
export function placesIn(links, root, own) {
  /** @type {Map<string, Place>} */
  const places = new Map();
  for (const { href, title } of links) {
    const path = pathIn(href, root);
    const text = title.trim().replaceAll(/\s+/g, ' ');
    if (path === undefined || path === pathIn(own, root) || text === '' || places.has(path)) continue;
    if (places.size < MAX_PLACES) places.set(path, { path, title: text });
  }
  return [...places.values()];
}

/** @param {string} href @param {string} root @returns {string | undefined} undefined outside of the book */
function pathIn(href, root) {
  if (!URL.canParse(href)) return undefined;
  const [{ origin, pathname }, book] = [new URL(href), new URL(root)];
  if (origin !== book.origin || !pathname.startsWith(book.pathname)) return undefined;
  const path = pathname.slice(book.pathname.length);
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

/**
 * The demos of a page, by the classes of its code blocks. Those without a name of their own are left out: nobody can be brought to them by a name.
 * @param {string[][]} blocks the classes of each
 */
export function demosIn(blocks) {
  const live = blocks.filter((classes) => classes.some((name) => /^(language-)?live$/i.test(name)));
  const named = live.flatMap(
    (classes) => classes.find((name) => name.startsWith('file='))?.slice('file='.length) || [],
  );
  return [...new Set(named)].slice(0, MAX_DEMOS);
}
