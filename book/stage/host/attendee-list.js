// @ts-check
// The rows of attendees. All that an attendee wrote becomes text.
//
// May import: keyed-list.js, row-keys.js, ../dom.js, ../put-text.js.

import { button, el } from '../dom.js';
import { createKeyedList } from './keyed-list.js';
import { label, put } from '../put-text.js';
import { createRowKeys } from './row-keys.js';

/** @typedef {import('./attendee-rows.js').AttendeeRow} Row */

/**
 * What the host does to one attendee.
 * @typedef {Record<'rename' | 'remove' | 'lowerHand', (row: Row, opener: HTMLElement) => void>} Actions
 */

/**
 * @param {Actions} actions
 * @param {(id: string, isChosen: boolean) => void} onchoose
 */
export function createAttendeeList(actions, onchoose) {
  const element = el('ul', { class: 'host-list', role: 'list', tabindex: '-1', 'aria-label': 'Attendees' });
  const keys = createRowKeys(element);
  const rows = createKeyedList(element, (/** @type {Row} */ row) => createRow(row, actions, onchoose));
  return {
    element,
    get focused() {
      return rows.focused;
    },

    /** @param {Row[]} shown @param {ReadonlySet<string>} chosen ids */
    show(shown, chosen) {
      rows.show(shown);
      for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll('input[type=checkbox]')))
        box.checked = chosen.has(box.value);
      keys.refresh();
    },
  };
}

/** @param {Row} first @param {Actions} actions @param {(id: string, isChosen: boolean) => void} onchoose */
function createRow(first, actions, onchoose) {
  let row = first;
  const choose = el('input', { type: 'checkbox', value: row.id, 'data-control': 'choose' });
  choose.addEventListener('change', () => onchoose(row.id, choose.checked));
  const text = (/** @type {string} */ name) => el('span', { class: `host-${name}` });
  const texts = {
    name: el('strong', { class: 'host-name' }),
    hand: text('hand'),
    pair: text('pair'),
    place: text('place'),
    state: text('state'),
    way: text('way'),
    error: text('error'),
    check: text('check'),
  };
  const summary = el('summary', { 'data-control': 'solved' });
  const names = el('ul');
  const solved = el('details', { class: 'host-solved' }, summary, names);
  const action = (/** @type {string} */ words, /** @type {keyof Actions} */ name) => {
    const made = button(words, () => actions[name](row, made), { 'data-control': name });
    return made;
  };
  const [rename, remove, lower] = [
    action('Rename', 'rename'),
    action('Out of the pair', 'remove'),
    action('Lower hand', 'lowerHand'),
  ];
  const bar = el('div', { class: 'host-actions' }, lower, rename, remove);
  const element = el(
    'li',
    { class: 'host-row' },
    el('label', { class: 'host-choose' }, choose),
    el('div', { class: 'host-who' }, texts.name, texts.hand, texts.pair),
    el('div', { class: 'host-what' }, texts.place, texts.state, texts.way, solved, texts.error, texts.check),
    bar,
  );
  return { element, update };

  /** @param {Row} changed */
  function update(changed) {
    row = changed;
    if (element.dataset.need !== row.need) element.dataset.need = row.need;
    for (const [name, node] of Object.entries(texts)) {
      const words = row[/** @type {keyof typeof texts} */ (name)];
      put(node, words);
      node.hidden = words === '';
    }
    label(choose, `Choose ${row.name}`);
    label(rename, `Rename ${row.name}`);
    label(remove, `Out of the pair: ${row.name}`);
    label(lower, `Lower hand: ${row.name}`);
    show(remove, row.isPaired);
    show(lower, row.hand !== '');
    showSolved();
  }

  /** A button that goes leaves the keyboard to one that stays. @param {HTMLElement} control @param {boolean} isShown */
  function show(control, isShown) {
    if (!isShown && control === document.activeElement) rename.focus();
    control.hidden = !isShown;
  }

  function showSolved() {
    const count = row.solved.length;
    if (count === 0 && solved.contains(document.activeElement)) rename.focus();
    solved.hidden = count === 0;
    put(summary, `${count} solved`);
    const known = [...names.children].map(({ textContent }) => textContent);
    if (known.length === count && known.every((name, at) => name === row.solved[at])) return;
    names.replaceChildren(...row.solved.map((name) => el('li', {}, name)));
  }
}
