// @ts-check
// The ladder: the run as a sequence diagram that grows, and as a table. Draws what rows.js says, and decides nothing.

import { el } from '../dom.js';
import { svg } from './svg.js';
import { createTable } from './table.js';

/** More rows are not drawn: the oldest go, and the panel says so. */
const MAX_ROWS = 400;
const ROW_HEIGHT = 26;
const HEAD_HEIGHT = 34;
/** A column is as wide as the panel allows, within these. */
const COLUMN_WIDTH = { least: 130, most: 220 };
const TIME_WIDTH = 62;

/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./rows.js').Column} Column */

/** Markers are found by name, across the page. */
let count = 0;

/** @type {Record<string, string>} */
const TONE_SIGNS = { ok: '', bad: '✗ ', waits: '… ' };

/**
 * @param {object} hooks
 * @param {(line: number | undefined) => void} hooks.onrow a row is chosen; the line of the code that it came from
 * @param {(line: number) => void} hooks.online
 */
export function createLadder({ onrow, online }) {
  const marker = `ladder-head-${(count += 1)}`;
  const drawing = svg('svg', { class: 'ladder', role: 'img', 'aria-label': 'Ladder: see the table for the same as text' });
  const box = el('div', { class: 'ladder-box', tabindex: '0', role: 'region', 'aria-label': 'Ladder' }, drawing);
  const table = createTable('What happened, in order', ['Time', 'From', 'To', 'What', 'Code'], online);
  const asTable = el('details', {}, el('summary', {}, 'The ladder as a table'), table.element);
  const note = el('p', { class: 'note' });
  const empty = el('p', { class: 'note' }, 'Nothing has happened yet: press Run.');
  const element = el('div', {}, empty, note, box, asTable);
  /** What is drawn for each event, what it says, and in which place. Places are never given twice, so old rows go without the others moving.
   * @type {Map<number, { group: SVGGElement, signature: string, row: Row, place: number }>} */
  const drawn = new Map();
  const heads = svg('g');
  let zoom = 1;
  let width = 0;
  let height = 0;
  let top = 0;
  let columnWidth = COLUMN_WIDTH.most;
  let columnsKey = '';
  /** @type {number | undefined} */
  let litLine;
  /** @type {Row[]} */
  let tableRows = [];
  /** @type {Map<string, string>} */
  let titles = new Map();

  asTable.addEventListener('toggle', fillTable);

  /** @param {{ columns: Column[], rows: Row[] }} ladder @param {number} dropped */
  function show({ columns, rows }, dropped) {
    const first = Math.max(0, rows.length - MAX_ROWS);
    const shown = rows.slice(first);
    const share = (element.clientWidth - TIME_WIDTH) / Math.max(1, columns.length);
    columnWidth = Math.round(Math.min(COLUMN_WIDTH.most, Math.max(COLUMN_WIDTH.least, share)));
    const places = new Map(columns.map(({ id }, i) => [id, TIME_WIDTH + columnWidth * (i + 0.5)]));
    titles = new Map(columns.map(({ id, title }) => [id, title]));
    const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - ROW_HEIGHT;
    width = TIME_WIDTH + columnWidth * Math.max(1, columns.length);
    // Counted from the first event of the run, although the beginning of it may be gone.
    const keys = shown.map(({ event }) => event + dropped);
    const present = new Set(keys);
    const key = `${columnWidth} ${columns.map(({ id }) => id)}`;
    if (key !== columnsKey || (keys.length > 0 && !drawn.has(keys[0]) && keys.some((one) => drawn.has(one)))) clear();
    if (key !== columnsKey) heads.replaceChildren(...columns.flatMap(({ id, title }) => head(title, places.get(id) ?? 0)));
    columnsKey = key;
    for (const [event, { group }] of drawn) {
      if (present.has(event)) continue;
      group.remove();
      drawn.delete(event);
    }
    let place = -1;
    shown.forEach((row, i) => {
      const signature = `${row.label}|${row.tone}|${row.fault}`;
      const before = drawn.get(keys[i]);
      place = before?.place ?? place + 1;
      if (before?.signature === signature) return;
      const group = drawRow(row, HEAD_HEIGHT + ROW_HEIGHT * (place + 0.5), places);
      if (before) before.group.replaceWith(group);
      else drawing.append(group);
      drawn.set(keys[i], { group, signature, row, place });
    });
    top = ROW_HEIGHT * (drawn.get(keys[0])?.place ?? 0);
    height = HEAD_HEIGHT + ROW_HEIGHT * (shown.length + 1);
    resize();
    empty.hidden = rows.length > 0;
    box.hidden = asTable.hidden = rows.length === 0;
    const gone = first + dropped;
    note.textContent = gone > 0 ? `${gone} earlier ${gone === 1 ? 'row is' : 'rows are'} not drawn.` : '';
    note.hidden = gone === 0;
    tableRows = shown;
    fillTable();
    if (isAtEnd) box.scrollTop = box.scrollHeight;
  }

  function fillTable() {
    if (!asTable.open) return;
    const name = (/** @type {string} */ id) => titles.get(id) ?? id;
    table.show(
      tableRows.map(({ at, from, to, label, line, fault, tone }) => [
        `${at.toFixed(1)} ms`, name(from), from === to ? '' : name(to), `${TONE_SIGNS[tone]}${label}${fault ? ` (broken on purpose: ${fault})` : ''}`, { line }]),
      tableRows.map(({ line }) => (line !== undefined && line === litLine ? 'lit' : '')),
    );
  }

  function clear() {
    drawn.clear();
    drawing.replaceChildren(defs(marker), heads);
  }

  function resize() {
    drawing.setAttribute('viewBox', `0 ${top} ${width} ${height}`);
    heads.setAttribute('transform', `translate(0 ${top})`);
    for (const line of heads.querySelectorAll('.lifeline')) line.setAttribute('y2', String(height));
    drawing.setAttribute('width', String(Math.round(width * zoom)));
    drawing.setAttribute('height', String(Math.round(height * zoom)));
  }

  /** @param {Row} row @param {number} y @param {Map<string, number>} places */
  function drawRow(row, y, places) {
    const from = places.get(row.from) ?? 0;
    const to = places.get(row.to) ?? 0;
    const isArrow = from !== to;
    const middle = (from + to) / 2;
    const words = `${TONE_SIGNS[row.tone]}${row.label}${row.fault ? ' ⚡' : ''}`;
    const room = isArrow ? Math.abs(to - from) : columnWidth - 8;
    const group = svg('g', { class: `row ${row.tone}${row.isState ? ' state' : ''}${row.fault ? ' faulty' : ''}${row.line && row.line === litLine ? ' lit' : ''}` });
    group.append(
      svg('title', {}, `${row.at.toFixed(1)} ms: ${row.label}${row.line ? ` (line ${row.line})` : ''}${row.fault ? ` (broken on purpose: ${row.fault})` : ''}`),
      svg('rect', { class: 'row-back', x: 0, y: y - ROW_HEIGHT / 2, width, height: ROW_HEIGHT }),
      svg('text', { class: 'time', x: TIME_WIDTH - 8, y: y + 4, 'text-anchor': 'end' }, row.at.toFixed(1)),
    );
    if (isArrow) {
      group.append(svg('line', { class: 'arrow', x1: from, y1: y + 8, x2: to + (to > from ? -2 : 2), y2: y + 8, 'marker-end': `url(#${marker})` }));
    } else {
      group.append(svg('rect', { class: 'mark', x: from - columnWidth / 2 + 3, y: y - 11, width: columnWidth - 6, height: 22, rx: row.isState ? 11 : 3 }));
    }
    group.append(svg('text', { x: middle, y: y + (isArrow ? 3 : 4), 'text-anchor': 'middle', class: 'label' }, shorten(words, room)));
    if (row.line) {
      group.classList.add('has-line');
      group.addEventListener('click', () => onrow(row.line));
    }
    return group;
  }

  return {
    element,
    show,
    /** The diagram as it stands. */
    drawing,
    /** @param {number} by */
    zoomBy(by) {
      zoom = Math.min(2, Math.max(0.5, zoom * by));
      resize();
    },
    /** Shows which rows came from a line of the code. @param {number | undefined} line */
    light(line) {
      litLine = line;
      for (const { group, row } of drawn.values()) group.classList.toggle('lit', line !== undefined && row.line === line);
      fillTable();
    },
  };
}

/** @param {string} id */
const defs = (id) => svg('defs', {}, svg('marker', { id, viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' },
  svg('path', { class: 'arrow-head', d: 'M0 0 8 4 0 8z' })));

/** @param {string} title @param {number} x */
const head = (title, x) => [
  svg('line', { class: 'lifeline', x1: x, y1: HEAD_HEIGHT - 6, x2: x, y2: HEAD_HEIGHT }),
  svg('text', { class: 'head', x, y: 20, 'text-anchor': 'middle' }, title),
];

/** About 6 px a letter. @param {string} text @param {number} room */
function shorten(text, room) {
  const letters = Math.floor(room / 6.1);
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}
