// @ts-check
// Tables that are updated often: a row is replaced only when its contents have changed. Rows know the line of the code that they came from.
//
// May import: ../../dom.js, ../../visible.js.

import { button, el } from '../../dom.js';
import { visibleLine } from '../../visible.js';

/** Rows that are shown, the first ones. A note says how many there are. */
export const MAX_ROWS = 400;

/** @typedef {string | Node | { line: number | undefined }} Cell a line of the code becomes a button that leads there */

/**
 * Creates a table.
 * @param {string} caption
 * @param {string[]} heads
 * @param {object} [hooks]
 * @param {(line: number) => void} [hooks.online] the reader asks for a line of the code; without it, lines are only named
 * @param {(line: number) => void} [hooks.onrow] a row is chosen that came from a line
 * @param {number} [most] rows
 */
export function createTable(caption, heads, { online, onrow } = {}, most = MAX_ROWS) {
  const body = el('tbody', { role: 'rowgroup' });
  // In a narrow panel each row becomes a card (instruments.css). Its roles stay, because they are named.
  const table = el(
    'table',
    { class: 'rows', role: 'table' },
    el('caption', {}, caption),
    el(
      'thead',
      { role: 'rowgroup' },
      el('tr', { role: 'row' }, ...heads.map((head) => el('th', { scope: 'col', role: 'columnheader' }, head))),
    ),
    body,
  );
  const note = el('p', { class: 'note' });
  // On a phone, the table scrolls in its own box.
  const element = el('div', { class: 'table-box', tabindex: '0', role: 'group', 'aria-label': caption }, table, note);
  /** @type {string[]} */
  let signatures = [];
  /** @type {(number | undefined)[]} */
  let lines = [];
  /** @type {number | undefined} */
  let litLine;

  /** @param {Cell[][]} rows @param {(number | undefined)[]} [from] the line that each row came from */
  function show(rows, from = []) {
    lines = from;
    note.hidden = rows.length <= most;
    note.textContent = `The first ${most} of ${rows.length} rows.`;
    const shown = rows.slice(0, most);
    shown.forEach((cells, i) => {
      const signature = `${lines[i]}|${cells.map((cell) => (cell instanceof Node ? cell.textContent : typeof cell === 'string' ? cell : cell.line)).join('|')}`;
      if (signatures[i] === signature) return;
      signatures[i] = signature;
      const row = el(
        'tr',
        { role: 'row' },
        ...cells.map((cell, column) => el('td', { role: 'cell', 'data-head': heads[column] }, contents(cell))),
      );
      const before = body.children[i];
      const focused = before?.contains(document.activeElement) ? focusable(before).indexOf(document.activeElement) : -1;
      if (before) before.replaceWith(row);
      else body.append(row);
      if (focused >= 0)
        /** @type {HTMLElement | undefined} */ (focusable(row)[focused])?.focus({ preventScroll: true });
    });
    signatures = signatures.slice(0, shown.length);
    while (body.children.length > shown.length) body.lastElementChild?.remove();
    light(litLine);
  }

  /** Highlights the rows that came from a line of the code. @param {number | undefined} line */
  function light(line) {
    litLine = line;
    [...body.children].forEach((row, i) => row.classList.toggle('lit', line !== undefined && lines[i] === line));
  }

  body.addEventListener('click', ({ target }) => {
    const row = target instanceof Element ? target.closest('tr') : null;
    const line = row ? lines[row.sectionRowIndex] : undefined;
    if (line) onrow?.(line);
  });

  /** @param {Cell} cell @returns {Node | string} */
  function contents(cell) {
    if (typeof cell === 'string') return visibleLine(cell);
    if (cell instanceof Node) return cell;
    return cell.line ? lineOf(cell.line, online) : '';
  }

  return { element, show, light };
}

/** @param {Element} row */
const focusable = (row) => /** @type {(Element | null)[]} */ ([...row.querySelectorAll('button, a, summary')]);

/** Names a line of the code, as a button that leads there if it can. @param {number} line @param {(line: number) => void} [online] */
export function lineOf(line, online) {
  return online
    ? button(`line ${line}`, () => online(line), { class: 'line', 'aria-label': `Go to line ${line}` })
    : `line ${line}`;
}
