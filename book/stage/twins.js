// @ts-check
// Puts a demo and its Rust twin, a `<div class="twin">` after the demo, behind two tabs. In print, and without JavaScript, the two follow each other.
//
// May import: dom.js, tablist.js.

import { el } from './dom.js';
import { createTablist } from './tablist.js';

const KEY = 'stage-language';
const LANGUAGES = ['JavaScript', 'Rust'];

/** Applies a chosen language to each pair on the page: the choice in one holds for all. @type {((language: string) => void)[]} */
const pairs = [];

/** Puts all twins of the page behind tabs. */
export function pairTwins() {
  document
    .querySelectorAll('.demo + .twin')
    .forEach((twin) => pair(/** @type {HTMLElement} */ (twin.previousElementSibling), twin));
  if (pairs.length > 0) choose(remembered());
}

/**
 * @param {HTMLElement} demo
 * @param {Element} twin
 */
function pair(demo, twin) {
  const entries = [demo, twin].map((content, index) => {
    const title = LANGUAGES[index];
    const panel = el('div', { id: `${demo.id}-${title}`, class: 'tab-panel' });
    content.replaceWith(panel);
    panel.append(content);
    return { title, panel };
  });
  const list = createTablist(`Language of ${demo.ariaLabel}`, 'tabs', entries, chooseAt);
  entries[0].panel.before(list.element);
  pairs.push((language) => list.show(LANGUAGES.indexOf(language)));

  /** @param {number} index */
  function chooseAt(index) {
    const before = list.element.getBoundingClientRect().top;
    choose(LANGUAGES[index]);
    // The pairs above have changed their height: scroll, so that the chosen tab stays where it was.
    scrollBy({ top: list.element.getBoundingClientRect().top - before, behavior: 'instant' });
    remember(LANGUAGES[index]);
  }
}

/** @param {string} language */
function choose(language) {
  pairs.forEach((show) => show(language));
}

function remembered() {
  try {
    const language = localStorage.getItem(KEY);
    return LANGUAGES.find((known) => known === language) ?? LANGUAGES[0];
  } catch {
    return LANGUAGES[0]; // A browser that keeps nothing begins with the first.
  }
}

/** @param {string} language */
function remember(language) {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Without storage the choice holds for this page only.
  }
}
