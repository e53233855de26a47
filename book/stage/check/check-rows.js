// @ts-check
// The rows of the checks: items of a list in the page, each with two paragraphs. The first links to the section about the check, and gets its state as a mark
// and a word; the second says what is checked, and what was found in its place.
//
// May import: ../dom.js.

import { el } from '../dom.js';

/** @typedef {'waiting' | 'checking' | import('./outcome.js').Outcome['state']} State */

/** @type {Record<State, [mark: string, word: string]>} */
const STATES = {
  untried: ['–', 'not tried'],
  waiting: ['○', 'waiting'],
  checking: ['…', 'checking'],
  works: ['✓', 'works'],
  fails: ['✗', 'does not work'],
};

/** What a row says that has found nothing. */
const NOTHING = { says: '', advice: '', more: '' };

/** @typedef {ReturnType<typeof createRow>} Row */

/** The rows of a list, by the section that each leads to. @param {Element} place @returns {Map<string, Row>} */
export function createRows(place) {
  const items = /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll(':scope > ul > li'));
  return new Map([...items].map(createRow).map((row) => [row.finding.section, row]));
}

/** @param {HTMLElement} item */
function createRow(item) {
  const link = /** @type {HTMLAnchorElement} */ (item.querySelector('a'));
  const found = /** @type {HTMLElement} */ (item.querySelector('p + p'));
  const about = [...found.childNodes];
  const mark = el('span', { 'aria-hidden': 'true', class: 'check-mark' });
  const word = el('span');
  link.after(' ', el('span', { class: 'check-state' }, mark, ' ', word));
  /** @type {State} */
  let state = 'untried';
  let outcome = NOTHING;
  show('untried');
  return {
    show,

    get state() {
      return state;
    },

    /** @returns {import('./check-report.js').Finding} */
    get finding() {
      const { says, advice, more } = outcome;
      const section = link.hash.slice(1);
      return { section, name: link.textContent ?? '', state, word: STATES[state][1], says, advice, more };
    },
  };

  /** @param {State | import('./outcome.js').Outcome} change */
  function show(change) {
    state = typeof change === 'string' ? change : change.state;
    outcome = typeof change === 'string' ? NOTHING : change;
    item.dataset.state = state;
    [mark.textContent, word.textContent] = STATES[state];
    if (outcome.says) found.replaceChildren([outcome.says, outcome.advice].filter(Boolean).join(' '));
    else found.replaceChildren(...about);
  }
}
