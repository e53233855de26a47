// @ts-check
// Puts a demo and its twin in Rust behind two tabs (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). A twin is whatever stands in
// `<div class="twin">` behind the demo. In print, and without JavaScript, the two simply follow each other.

import { el } from './dom.js';

const KEY = 'stage-language';
const LANGUAGES = ['JavaScript', 'Rust'];

/** The choice of each pair on the page: what the reader chooses in one holds for all. @type {((language: string) => void)[]} */
const pairs = [];

export function pairTwins() {
  document.querySelectorAll('.demo + .twin').forEach((twin) => pair(/** @type {HTMLElement} */ (twin.previousElementSibling), twin));
  if (pairs.length > 0) choose(remembered());
}

/**
 * @param {HTMLElement} demo
 * @param {Element} twin
 */
function pair(demo, twin) {
  const list = el('div', { role: 'tablist', 'aria-label': `Language of ${demo.ariaLabel}`, class: 'tabs' });
  demo.before(list);
  const panels = [demo, twin].map((content, index) => {
    const name = `${demo.id}-${LANGUAGES[index]}`;
    const panel = el('div', { role: 'tabpanel', id: name, 'aria-labelledby': `${name}-tab`, class: 'tab-panel' });
    content.replaceWith(panel);
    panel.append(content);
    return panel;
  });
  const tabs = panels.map((panel, index) => {
    const tab = el('button', { type: 'button', role: 'tab', id: `${panel.id}-tab`, 'aria-controls': panel.id }, LANGUAGES[index]);
    tab.addEventListener('click', () => chooseAt(index));
    return tab;
  });
  list.append(...tabs);

  /** @param {number} index */
  function chooseAt(index) {
    const before = list.getBoundingClientRect().top;
    choose(LANGUAGES[index]);
    // The pairs above have another height now; what the reader looks at stays where it was.
    scrollBy({ top: list.getBoundingClientRect().top - before, behavior: 'instant' });
    remember(LANGUAGES[index]);
  }

  list.addEventListener('keydown', (event) => {
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const last = tabs.length - 1;
    /** @type {Record<string, number>} */
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last };
    // mdBook turns the page with the arrow keys.
    if (event.key.startsWith('Arrow')) event.stopPropagation();
    if (!(event.key in next) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    chooseAt(next[event.key]);
    tabs[next[event.key]].focus();
  });

  pairs.push((language) => {
    tabs.forEach((tab, index) => {
      const isChosen = LANGUAGES[index] === language;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      panels[index].hidden = !isChosen;
    });
  });
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
    // Then it holds for this page only.
  }
}
