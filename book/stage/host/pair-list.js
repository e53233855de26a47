// @ts-check
// The rows of pairs: who is in each, how it is connected, and what the host does to it.
//
// May import: keyed-list.js, row-keys.js, ../dom.js, ../put-text.js.

import { button, el } from '../dom.js';
import { createKeyedList } from './keyed-list.js';
import { label, put } from '../put-text.js';
import { createRowKeys } from './row-keys.js';

/** @typedef {import('./pair-rows.js').PairRow} Row */
/** @typedef {Record<'lock' | 'split', (row: Row, opener: HTMLElement) => void>} Actions */

/** @param {Actions} actions */
export function createPairList(actions) {
  const element = el('ul', { class: 'host-list', role: 'list', tabindex: '-1', 'aria-label': 'Pairs' });
  const keys = createRowKeys(element);
  const rows = createKeyedList(element, (/** @type {Row} */ row) => createRow(row, actions));
  return {
    element,

    /** @param {Row[]} shown */
    show(shown) {
      rows.show(shown);
      keys.refresh();
    },
  };
}

/** @param {Row} first @param {Actions} actions */
function createRow(first, actions) {
  let row = first;
  const name = el('strong', { class: 'host-name' });
  const state = el('span', { class: 'host-state' });
  const members = el('div', { class: 'host-what' });
  const lock = button('', () => actions.lock(row, lock), { 'data-control': 'lock' });
  const split = button('Split', () => actions.split(row, split), { 'data-control': 'split' });
  const element = el(
    'li',
    { class: 'host-row' },
    el('div', { class: 'host-who' }, name, state),
    members,
    el('div', { class: 'host-actions' }, lock, split),
  );
  return {
    element,

    /** @param {Row} changed */
    update(changed) {
      row = changed;
      put(name, row.name);
      put(state, row.state);
      put(members, row.members);
      const word = row.locked ? 'Unlock' : 'Lock';
      put(lock, word);
      label(lock, `${word} ${row.name}`);
      label(split, `Split ${row.name}`);
    },
  };
}
