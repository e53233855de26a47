// @ts-check
// The links at the foot of a page say which page they lead to. mdBook's say "Next chapter"; the titles stand in the table of contents.
//
// May import: dom.js.

import { el } from './dom.js';

/** The number of a chapter, before its title. */
const NUMBER = /^[\d.]+\s+/;

/** Puts the titles of the pages before and after this one into the links to them. */
export function nameNeighbours() {
  const chapters = /** @type {HTMLAnchorElement[]} */ ([
    ...document.querySelectorAll('#mdbook-sidebar .chapter a[href]'),
  ]);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.nav-wrapper > a'))) {
    const title = chapters
      .find(({ href }) => href === link.href)
      ?.textContent?.trim()
      .replace(NUMBER, '');
    if (!title) continue;
    const word = link.rel.includes('next') ? 'Next' : 'Previous';
    link.append(el('span', { class: 'neighbour' }, el('span', { class: 'neighbour-word' }, word), ' ', title));
    link.removeAttribute('aria-label');
    link.removeAttribute('title');
  }
}
