// @ts-check
// Tables that grow: a row is made anew only when what it says has changed.

import { button, el } from '../dom.js';

/** @typedef {string | Node | { line: number | undefined }} Cell a line of the code becomes a button that leads there */

/**
 * @param {string} caption
 * @param {string[]} heads
 * @param {(line: number) => void} [online]
 */
export function createTable(caption, heads, online = () => {}) {
  const body = el('tbody');
  const table = el('table', {}, el('caption', {}, caption), el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))), body);
  // Wider than a phone, it scrolls in its own box.
  const element = el('div', { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': caption }, table);
  /** @type {string[]} */
  let signatures = [];

  /** @param {Cell[][]} rows @param {string[]} [classes] of each row */
  function show(rows, classes = []) {
    rows.forEach((cells, i) => {
      const signature = `${classes[i] ?? ''}|${cells.map((cell) => (cell instanceof Node ? cell.textContent : typeof cell === 'string' ? cell : cell.line)).join('|')}`;
      if (signatures[i] === signature) return;
      signatures[i] = signature;
      const row = el('tr', classes[i] ? { class: classes[i] } : {}, ...cells.map((cell) => el('td', {}, contents(cell))));
      if (body.children[i]) body.children[i].replaceWith(row);
      else body.append(row);
    });
    signatures = signatures.slice(0, rows.length);
    while (body.children.length > rows.length) body.lastElementChild?.remove();
  }

  /** @param {Cell} cell @returns {Node | string} */
  function contents(cell) {
    if (typeof cell === 'string' || cell instanceof Node) return cell;
    const { line } = cell;
    return line ? button(`line ${line}`, () => online(line), { class: 'line', 'aria-label': `Go to line ${line}` }) : '';
  }

  return { element, body, show };
}
