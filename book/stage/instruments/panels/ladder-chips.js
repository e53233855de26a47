// @ts-check
// The chips above the ladder: which rows it shows, of which column, whether repetitions are folded, and how large it is.
//
// May import: ../model/, ../../dom.js, ../../visible.js.

import { button, el } from '../../dom.js';
import { visibleLine } from '../../visible.js';
import { FILTERS } from '../model/folding.js';

/** Columns that are nobody's: rows are not chosen by them. */
const OF_NOBODY = ['code', 'server', 'other'];

/** @typedef {import('../model/rows.js').Column} Column */

/** Creates the chips. @param {() => void} onchange another one is chosen @param {(by: number) => void} onzoom a larger or smaller ladder is wanted */
export function createChips(onchange, onzoom) {
  let filter = '';
  let column = '';
  let isFolding = true;
  /** @type {Map<string, HTMLButtonElement>} */
  const columnChips = new Map();

  const layers = ['', ...Object.keys(FILTERS)].map((name) => {
    const chip = button(name || 'All', () => {
      filter = name;
      change();
    });
    if (name) chip.classList.add(`hue-${FILTERS[name][0]}`);
    return { name, chip };
  });
  const fold = button('Fold repeats', () => {
    isFolding = !isFolding;
    change();
  });
  const columns = el('div', { role: 'group', 'aria-label': 'Whose rows', class: 'chips' });
  const element = el(
    'div',
    { class: 'instruments-bar ladder-chips' },
    el('div', { role: 'group', 'aria-label': 'Which rows', class: 'chips' }, ...layers.map(({ chip }) => chip)),
    fold,
    columns,
    el(
      'div',
      { class: 'chips', role: 'group', 'aria-label': 'Size of the ladder' },
      button('−', () => onzoom(0.8), { 'aria-label': 'Smaller', title: 'Smaller' }),
      button('+', () => onzoom(1.25), { 'aria-label': 'Larger', title: 'Larger' }),
    ),
  );
  press();

  function change() {
    press();
    onchange();
  }

  function press() {
    for (const { name, chip } of layers) chip.setAttribute('aria-pressed', String(name === filter));
    for (const [id, chip] of columnChips) chip.setAttribute('aria-pressed', String(id === column));
    fold.setAttribute('aria-pressed', String(isFolding));
  }

  return {
    element,
    /** One of FILTERS; empty for all. */
    get filter() {
      return filter;
    },
    /** Empty for all. */
    get column() {
      return column;
    },
    get isFolding() {
      return isFolding;
    },

    /** Offers the columns of a ladder. Chips that stay are kept, because one of them may have the focus. @param {Column[]} all */
    offer(all) {
      const offered = all.filter(({ id }) => !OF_NOBODY.includes(id));
      for (const [id, chip] of columnChips) {
        if (offered.some((one) => one.id === id)) continue;
        chip.remove();
        columnChips.delete(id);
      }
      for (const { id, title } of offered) {
        let chip = columnChips.get(id);
        if (!chip) {
          // Pressed again, it lets all be seen.
          chip = button('', () => {
            column = column === id ? '' : id;
            change();
          });
          columnChips.set(id, chip);
          columns.append(chip);
        }
        const words = visibleLine(title);
        if (chip.textContent !== words) chip.textContent = words;
      }
      if (!columnChips.has(column)) column = '';
      columns.hidden = columnChips.size < 2;
      press();
    },
  };
}
