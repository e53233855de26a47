// @ts-check
// The “Ladder” panel: the run as a sequence diagram, and as a table. Only the rows in view are drawn, below heads that don't scroll. What
// rows say is decided in model/rows.js, and which are shown in model/folding.js.
//
// May import: ladder-chips.js, table.js, ../drawing/, ../model/, ../timeline/, ../../dom.js.

import { button, el } from '../../dom.js';
import {
  TONE_SIGNS,
  drawAll,
  drawHeads,
  drawLifelines,
  drawMarkers,
  drawRow,
  layoutOf,
} from '../drawing/ladder-drawing.js';
import { filtered, folded } from '../model/folding.js';
import { sharedRowsOf } from '../timeline/shared-rows.js';
import { svg } from '../drawing/svg.js';
import { createChips } from './ladder-chips.js';
import { createTable, MAX_ROWS } from './table.js';

/** Rows that are drawn at once. In print and in a saved drawing these are the newest, and a note counts the others. */
const MAX_DRAWN = 1_000;
/** Rows that are drawn above and below the view, so that scrolling shows no gaps. */
const SPARE_ROWS = 6;
/** The table shows the newest rows; older ones are removed in steps of this many, so that not all rows change with each new one. */
const TABLE_STEP = 100;

/** @typedef {import('../model/rows.js').Row} Row */

/** Numbers the ladders of the page: SVG markers are referenced by an id. */
let count = 0;

/** Creates the “Ladder” panel. @param {import('./panel.js').Lines} lines */
export function createLadder({ onrow, online }) {
  const marker = `ladder-head-${(count += 1)}`;
  const heads = svg('svg', { class: 'ladder ladder-heads', role: 'presentation' });
  const lifelines = svg('g');
  const drawing = svg(
    'svg',
    { class: 'ladder', role: 'img', 'aria-label': 'Ladder: see the table for the same as text' },
    drawMarkers(marker),
    lifelines,
  );
  const box = el('div', { class: 'ladder-box', tabindex: '0', role: 'group', 'aria-label': 'Ladder' }, heads, drawing);
  const table = createTable('What happened, in order', ['Time', 'From', 'To', 'What', 'Code'], { online, onrow });
  const tableNote = el('p', { class: 'note' });
  const asTable = el('details', {}, el('summary', {}, 'The ladder as a table'), tableNote, table.element);
  const note = el('p', { class: 'note' });
  const empty = el('p', { class: 'note' }, 'Nothing has happened yet: press Run.');
  const chips = createChips(() => update(true), zoomBy);
  const element = el('div', {}, empty, chips.element, note, box, asTable);
  /** The drawn rows, by index. @type {Map<number, { group: SVGGElement, signature: string, row: Row }>} */
  const drawn = new Map();
  /** All of what is shown of the run. @type {ReturnType<typeof sharedRowsOf>} */
  let ladder = { columns: [], rows: [] };
  /** The same as it is saved: with ids in place of people's names. */
  let unnamed = () => ladder;
  /** What of it passes the chips, folded. @type {Row[]} */
  let rows = [];
  /** The folds that the reader has opened. @type {Set<string>} */
  const opened = new Set();
  /** The next drawing begins at the top. */
  let startsAtTop = false;
  let layout = layoutOf([], 0);
  let layoutKey = '';
  let zoom = 1;
  let isPrinting = false;
  /** Events of the run that were dropped. */
  let gone = 0;
  /** @type {number | undefined} */
  let litLine;

  asTable.addEventListener('toggle', fillTable);
  box.addEventListener('scroll', drawSight);
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));

  /** @param {import('./panel.js').View} view */
  function show({ events, sides, lost, nameOf }) {
    ladder = sharedRowsOf(events, sides, nameOf);
    unnamed = () => sharedRowsOf(events, sides);
    if (events.length === 0) opened.clear();
    gone = lost;
    update(startsAtTop);
    if (startsAtTop) box.scrollTop = 0;
    startsAtTop = startsAtTop && ladder.rows.length === 0;
  }

  /** Draws anew what the chips and the folds let through. @param {boolean} keepsPlace even if the newest row is in view */
  function update(keepsPlace) {
    const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - layout.rowHeight * zoom;
    chips.offer(ladder.columns);
    const { columns, rows: passed } = chosen(ladder);
    rows = passed;
    const isEmpty = ladder.rows.length === 0;
    empty.hidden = !isEmpty;
    chips.element.hidden = box.hidden = asTable.hidden = isEmpty;
    tell();
    const room = box.clientWidth;
    const key = `${room} ${JSON.stringify(columns)}`;
    if (key !== layoutKey) {
      layoutKey = key;
      layout = layoutOf(columns, room);
      heads.replaceChildren(...drawHeads(layout));
      for (const { group } of drawn.values()) group.remove();
      drawn.clear();
    }
    resize();
    if (isAtEnd && !keepsPlace) box.scrollTop = box.scrollHeight;
    drawSight();
    fillTable();
  }

  /** What the chips and the folds let through. @param {typeof ladder} all */
  function chosen(all) {
    const { columns, rows } = filtered(all, chips.filter, chips.column);
    return { columns, rows: chips.isFolding ? folded(rows, (key) => opened.has(key)) : rows };
  }

  /** @param {string} key of a fold */
  function toggle(key) {
    if (!opened.delete(key)) opened.add(key);
    update(true);
  }

  /** Says what is left out. */
  function tell() {
    const unprinted = isPrinting ? firstPrinted() : 0;
    note.hidden = gone === 0 && unprinted === 0;
    note.textContent = [
      gone > 0 ? `${gone} events of this long run are gone, old messages first.` : '',
      unprinted > 0 ? earlierRows(unprinted) : '',
    ]
      .filter(Boolean)
      .join(' ');
  }

  const firstPrinted = () => Math.max(0, rows.length - MAX_DRAWN);

  function resize() {
    const { width, headHeight, rowHeight } = layout;
    const height = rowHeight * (rows.length + 0.5);
    // The printed area begins at the first printed row.
    const top = isPrinting ? rowHeight * firstPrinted() : 0;
    for (const [one, from, high] of /** @type {[SVGSVGElement, number, number][]} */ ([
      [heads, 0, headHeight],
      [drawing, top, height - top],
    ])) {
      one.setAttribute('viewBox', `0 ${from} ${width} ${high}`);
      one.setAttribute('width', String(Math.round(width * zoom)));
      one.setAttribute('height', String(Math.round(high * zoom)));
    }
    lifelines.replaceChildren(...drawLifelines(layout, height));
  }

  /** @param {number} by */
  function zoomBy(by) {
    zoom = Math.min(2, Math.max(0.5, zoom * by));
    resize();
    drawSight();
  }

  /** Draws the rows in view, and removes the others. */
  function drawSight() {
    const { rowHeight } = layout;
    const [above, below] = isPrinting
      ? [firstPrinted(), rows.length]
      : [
          box.scrollTop / zoom / rowHeight - SPARE_ROWS,
          (box.scrollTop + box.clientHeight) / zoom / rowHeight + SPARE_ROWS,
        ];
    const first = Math.max(0, Math.floor(above));
    const end = Math.min(rows.length, Math.ceil(below), first + MAX_DRAWN);
    for (const [place, { group }] of drawn) {
      if (place >= first && place < end) continue;
      group.remove();
      drawn.delete(place);
    }
    for (let place = first; place < end; place += 1) {
      const row = rows[place];
      const signature = `${row.at}|${row.from}|${row.to}|${row.label}|${row.tone}|${row.fault}|${row.line}|${row.fold?.key}`;
      const before = drawn.get(place);
      if (before?.signature === signature) continue;
      const group = drawRow(row, layout, marker);
      group.setAttribute('transform', `translate(0 ${rowHeight * place})`);
      group.classList.toggle('lit', isLit(row));
      const { line, fold } = row;
      if (fold) group.addEventListener('click', () => toggle(fold.key));
      else if (line) group.addEventListener('click', () => onrow(line));
      if (before) before.group.replaceWith(group);
      else drawing.append(group);
      drawn.set(place, { group, signature, row });
    }
  }

  /** @param {boolean} isBegun */
  function print(isBegun) {
    isPrinting = isBegun;
    tell();
    resize();
    drawSight();
  }

  function fillTable() {
    if (!asTable.open) return;
    const titles = new Map(layout.columns.map(({ id, title }) => [id, title]));
    const name = (/** @type {string} */ id) => titles.get(id) ?? id;
    const first = Math.max(0, Math.ceil((rows.length - MAX_ROWS) / TABLE_STEP) * TABLE_STEP);
    const shown = rows.slice(first);
    tableNote.hidden = first === 0;
    tableNote.textContent = `${first} earlier rows are not in the table.`;
    table.show(
      shown.map(({ at, from, to, label, line, fault, tone, fold }) => [
        `${at.toFixed(1)} ms`,
        name(from),
        from === to ? '' : name(to),
        fold
          ? button(label, () => toggle(fold.key), { class: 'line', 'aria-expanded': String(fold.isOpen) })
          : `${TONE_SIGNS[tone]}${label}${fault ? ` (broken on purpose: ${fault})` : ''}`,
        { line },
      ]),
      shown.map(({ line }) => line),
    );
  }

  /** Scrolls the box to the first highlighted row, unless one is in view. */
  function scrollToLit() {
    const height = layout.rowHeight * zoom;
    const inView = (/** @type {number} */ place) =>
      place * height >= box.scrollTop &&
      (place + 1) * height <= box.scrollTop + box.clientHeight - layout.headHeight * zoom;
    const lit = rows.flatMap((row, place) => (isLit(row) ? [place] : []));
    if (lit.length === 0 || box.clientHeight === 0 || lit.some(inView)) return;
    box.scrollTop = (lit[0] - 1) * height;
    drawSight();
  }

  /** @param {Row} row */
  const isLit = ({ line, fold }) => litLine !== undefined && (line === litLine || fold?.lines.has(litLine) === true);

  return {
    title: 'Ladder',
    about:
      'Time runs down, in ms. A box is what somebody did, a rounded one a new state. An arrow went from one to the other; a thick one directly, over the connection itself.',
    element,
    draw: show,
    /** A separate drawing of the whole ladder, to be saved; of too many rows the newest, and a note. */
    get drawing() {
      const earlier = firstPrinted();
      const saved = chosen(unnamed());
      // As wide as what is shown, with heads of their own height.
      const wide = layoutOf(saved.columns, layout.width);
      return drawAll(saved.rows.slice(earlier), wide, earlier > 0 ? earlierRows(earlier) : '');
    },
    /** The next drawing begins at the top, because what it shows has ended. */
    startAtTop() {
      startsAtTop = true;
    },
    /** Highlights the rows that came from a line of the code. @param {number | undefined} line */
    light(line) {
      litLine = line;
      for (const { group, row } of drawn.values()) group.classList.toggle('lit', isLit(row));
      table.light(line);
      scrollToLit();
    },
  };
}

/** @param {number} count */
const earlierRows = (count) => `${count} earlier rows are not in this drawing.`;
