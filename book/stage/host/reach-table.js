// @ts-check
// Who reaches whom: a sentence, and a table of names by names, or on a narrow screen a list.
//
// May import: reach-words.js, ../dom.js, ../put-text.js.

import { el } from '../dom.js';
import { put } from '../put-text.js';
import { reachRows, sentenceOf } from './reach-words.js';

/** Signs are told apart by shape, and screen readers hear a word. @type {Record<import('./reach-words.js').Way, [sign: string, word: string]>} */
const SIGNS = { direct: ['✓', 'directly'], not: ['✗', 'not directly'], unknown: ['–', 'not known'] };

/** Creates the part; it is hidden until there is something to show. */
export function createReachTable() {
  const sentence = el('p', { class: 'host-reach-sentence' });
  const table = el('table', { class: 'host-reach-table' });
  const box = el(
    'div',
    { class: 'host-reach-box', tabindex: '0', role: 'group', 'aria-label': 'Table of who reaches whom' },
    table,
  );
  const list = el('ul', { class: 'host-reach-list' });
  const element = el(
    'section',
    { 'aria-label': 'Who reaches whom', hidden: '' },
    el('h2', {}, 'Who reaches whom'),
    sentence,
    box,
    list,
  );
  /** What is drawn. */
  let drawn = '';

  return {
    element,

    /** @param {import('./reach-words.js').Reach | undefined} reach @param {(id: string) => string} nameOf */
    show(reach, nameOf) {
      element.hidden = reach === undefined;
      if (!reach) return;
      put(sentence, sentenceOf(reach));
      const rows = reachRows(reach, nameOf);
      // Rows of other names or ways are another table: nothing in it has the keyboard.
      const key = JSON.stringify(rows);
      if (key === drawn) return;
      drawn = key;
      const head = el('tr', {}, el('td'), ...rows.map(({ name }) => el('th', { scope: 'col' }, el('span', {}, name))));
      table.replaceChildren(
        el('thead', {}, head),
        el(
          'tbody',
          {},
          ...rows.map(({ name, ways }) => el('tr', {}, el('th', { scope: 'row' }, name), ...ways.map(cellOf))),
        ),
      );
      list.replaceChildren(...rows.map(({ name, sentence }) => el('li', {}, el('strong', {}, name), ` ${sentence}`)));
    },
  };
}

/** @param {import('./reach-words.js').Way | undefined} way none with oneself */
function cellOf(way) {
  if (!way) return el('td', { class: 'host-reach-self' });
  const [sign, word] = SIGNS[way];
  return el(
    'td',
    { 'data-way': way, title: word },
    el('span', { 'aria-hidden': 'true' }, sign),
    el('span', { class: 'host-unseen' }, word),
  );
}
