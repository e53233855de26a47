// @ts-check
// Which attendees are shown, and what is done with those who are chosen.
//
// May import: needs.js, ../dom.js, ../put-text.js.

import { button, el } from '../dom.js';
import { FILTERS } from './needs.js';
import { put } from '../put-text.js';

/** @typedef {import('./needs.js').Filter} Filter */

/** @type {Record<Filter, string>} */
const WORDS = { all: 'All', help: 'Need help', alone: 'Without a pair', unshared: 'Not sharing' };

/**
 * @param {() => void} onchange another filter is chosen
 * @param {() => void} onpair
 * @param {() => void} onnone
 */
export function createListFilter(onchange, onpair, onnone) {
  /** @type {Filter} */
  let chosen = 'all';
  const buttons = FILTERS.map((filter) =>
    button(WORDS[filter], () => choose(filter), { 'aria-pressed': String(filter === chosen) }),
  );
  const names = el('span', { class: 'host-chosen' });
  const pair = button('Pair these', onpair);
  const none = button('Choose none', onnone);
  const hint = el('p', { class: 'host-hint' }, 'In the lists, the keys ↑ and ↓ go from row to row.');
  const element = el(
    'div',
    {},
    el('div', { class: 'host-bar', role: 'group', 'aria-label': 'Show' }, ...buttons),
    el('div', { class: 'host-bar', role: 'group', 'aria-label': 'Chosen' }, names, pair, none),
    hint,
  );
  show([]);
  return {
    element,
    show,
    get chosen() {
      return chosen;
    },
  };

  /** @param {Filter} filter */
  function choose(filter) {
    chosen = filter;
    buttons.forEach((one, at) => one.setAttribute('aria-pressed', String(FILTERS[at] === filter)));
    onchange();
  }

  /** @param {string[]} those names of the attendees that are chosen */
  function show(those) {
    put(names, those.length === 0 ? 'Choose two or three to pair them.' : `Chosen: ${those.join(', ')}.`);
    put(pair, those.length === 3 ? 'Pair these three' : 'Pair these two');
    pair.setAttribute('aria-disabled', String(those.length < 2));
  }
}
