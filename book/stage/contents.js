// @ts-check
// The sections of a page, beside its text where there is room (page.css), with the one marked that the reader is in.
//
// May import: dom.js.

import { el } from './dom.js';

/** A page that has contents: one with sections. */
const WITH_SECTIONS = 'main:has(> h2 ~ h2)';
/** The part of the window, from its top, that the heading of the current section is in or above. */
const TOP = 0.3;
/** The headings of sections, and of sections and their parts: not those inside demos and cards. */
const SECTIONS = 'main > h2[id], .chapter-end > h2[id]';
const ALL = `${SECTIONS}, main > h3[id]`;
/** Headings up to which the parts are among them. A reference has a hundred. */
const MAX_HEADINGS = 30;

/** Puts the contents of the page into it. */
export function createContents() {
  const main = document.querySelector(WITH_SECTIONS);
  if (!main) return;
  const all = document.querySelectorAll(ALL);
  const headings = /** @type {HTMLElement[]} */ ([
    ...(all.length > MAX_HEADINGS ? document.querySelectorAll(SECTIONS) : all),
  ]);
  const links = headings.map((heading) => el('a', { href: `#${heading.id}` }, heading.textContent?.trim() ?? ''));
  main.before(el('nav', { class: 'page-contents', 'aria-label': 'On this page' }, listOf(headings, links)));
  const foot = document.querySelector('.nav-wrapper');
  if (!globalThis.IntersectionObserver) return;
  const observer = new IntersectionObserver(mark, { rootMargin: `0px 0px ${-100 * (1 - TOP)}% 0px` });
  for (const heading of headings) observer.observe(heading);
  // The last sections of a page may never get so high.
  if (foot) new IntersectionObserver(mark, { threshold: 1 }).observe(foot);

  function mark() {
    const isAtEnd = foot !== null && foot.getBoundingClientRect().bottom <= innerHeight;
    const begun = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight * TOP);
    const current = headings.indexOf(/** @type {HTMLElement} */ (isAtEnd ? headings.at(-1) : begun.at(-1)));
    links.forEach((link, index) => {
      if (index === current) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    });
  }
}

/** A list of the sections, in each a list of its parts. @param {HTMLElement[]} headings @param {HTMLElement[]} links */
function listOf(headings, links) {
  const list = el('ol');
  links.forEach((link, index) => {
    const section = list.lastElementChild;
    if (headings[index].localName === 'h2' || !section) return list.append(el('li', {}, link));
    const parts = section.querySelector('ol') ?? section.appendChild(el('ol'));
    parts.append(el('li', {}, link));
  });
  return list;
}
