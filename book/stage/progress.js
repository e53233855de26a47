// @ts-check
// Which pages the reader has come to the end of, marked in the table of contents. Only this browser knows.
//
// May import: dom.js, kept.js.

import { el } from './dom.js';
import { keep, kept } from './kept.js';

const KEY = 'creating-connections read';

/** Marks the pages that were read, and this one when its foot comes into sight. */
export function keepProgress() {
  const foot = document.querySelector('.nav-wrapper');
  const chapters = /** @type {HTMLAnchorElement[]} */ ([
    ...document.querySelectorAll('#mdbook-sidebar .chapter a[href]'),
  ]);
  const list = document.querySelector('#mdbook-sidebar .chapter');
  if (!foot || !list || !globalThis.IntersectionObserver) return;
  const count = el('p', { class: 'read-count' });
  list.after(count);
  let read = kept(KEY);
  show();
  addEventListener('storage', ({ key }) => {
    if (key !== KEY && key !== null) return;
    read = kept(KEY);
    show();
  });
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    read = keep(KEY, pathOf(location), true);
    show();
  });
  observer.observe(foot);

  function show() {
    const isRead = (/** @type {HTMLAnchorElement} */ link) => read.includes(pathOf(link));
    for (const link of chapters) {
      link.querySelector('.read-mark')?.remove();
      if (isRead(link)) link.append(el('span', { class: 'read-mark', role: 'img', 'aria-label': ', read' }, '✓'));
    }
    const pages = chapters.filter(isRead).length;
    count.textContent = pages > 0 ? `${pages} of ${chapters.length} pages read` : '';
  }
}

/** @param {{ pathname: string }} page */
const pathOf = ({ pathname }) => pathname.replace(/index\.html$/, '');
