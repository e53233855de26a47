// @ts-check
// Draws single rows of the ladder: a box or an arrow, with a label that fits. Knows nothing of scrolling.
//
// May import: svg.js, ../../visible.js.

import { visibleLine } from '../../visible.js';
import { svg } from './svg.js';

/** The width of a column, in CSS pixels: as wide as the panel allows, within these bounds. */
const COLUMN_WIDTH = { least: 104, most: 300 };
/** In a column narrower than this, a label has two lines. */
const WRAP_BELOW = 170;
const TIME_WIDTH = 62;
const ROW_HEIGHT = { oneLine: 26, twoLines: 40 };
const LINE_HEIGHT = 14;
/** Between a label and the edge of its box. */
const MARGIN = 6;
const FONT = '12px system-ui, sans-serif';
/** How much wider bold text is, as in column heads. */
const BOLD = 1.15;

/** @typedef {import('../model/rows.js').Row} Row */
/** @typedef {import('../model/rows.js').Column} Column */

/**
 * @typedef {object} Layout
 * @property {Column[]} columns
 * @property {Map<string, number>} places the middle of each column, by its id
 * @property {number} columnWidth
 * @property {number} width of all
 * @property {number} rowHeight
 * @property {number} headHeight
 * @property {number} labelLines lines that a label may have
 */

/** Signs for tones, so that they are not told apart by colour alone. @type {Record<Row['tone'], string>} */
export const TONE_SIGNS = { ok: '', bad: '✗ ', waits: '… ' };

/**
 * Computes where the columns of a ladder are.
 * @param {Column[]} columns
 * @param {number} room CSS pixels
 * @returns {Layout}
 */
export function layoutOf(columns, room) {
  columns = columns.map((column) => ({ ...column, title: visibleLine(column.title) }));
  const share = (room - TIME_WIDTH) / Math.max(1, columns.length);
  const columnWidth = Math.floor(Math.min(COLUMN_WIDTH.most, Math.max(COLUMN_WIDTH.least, share)));
  const isNarrow = columnWidth < WRAP_BELOW;
  const headLines = Math.max(1, ...columns.map(({ title }) => fit(title, (columnWidth - 2 * MARGIN) / BOLD, 2).length));
  return {
    columns,
    places: new Map(columns.map(({ id }, i) => [id, TIME_WIDTH + columnWidth * (i + 0.5)])),
    columnWidth,
    width: TIME_WIDTH + columnWidth * Math.max(1, columns.length),
    rowHeight: isNarrow ? ROW_HEIGHT.twoLines : ROW_HEIGHT.oneLine,
    headHeight: 14 + LINE_HEIGHT * headLines,
    labelLines: isNarrow ? 2 : 1,
  };
}

/** The heads of the columns. @param {Layout} layout */
export function drawHeads({ columns, places, columnWidth, headHeight }) {
  const unit = svg('text', { class: 'time', x: TIME_WIDTH - 8, y: headHeight - 8, 'text-anchor': 'end' }, 'ms');
  return [
    unit,
    ...columns.map(({ id, title, peer }) => {
      const x = places.get(id) ?? 0;
      const lines = fit(title, (columnWidth - 2 * MARGIN) / BOLD, 2);
      const first = headHeight - 8 - LINE_HEIGHT * (lines.length - 1);
      return svg(
        'g',
        {},
        svg('title', {}, peer ? `${title} is ${visibleLine(peer)}` : title),
        ...lines.map((line, i) =>
          svg('text', { class: 'head', x, y: first + LINE_HEIGHT * i, 'text-anchor': 'middle' }, line),
        ),
      );
    }),
  ];
}

/** Draws the vertical line of each column. @param {Layout} layout @param {number} height */
export const drawLifelines = ({ columns, places }, height) =>
  columns.map(({ id }) =>
    svg('line', { class: 'lifeline', x1: places.get(id) ?? 0, y1: 0, x2: places.get(id) ?? 0, y2: height }),
  );

/** The layers of rows: each has a hue (instruments.css). @type {Row['layer'][]} */
const LAYERS = ['', 'signaling', 'ice', 'dtls', 'messages'];

/** @param {string} marker @param {Row['layer']} layer */
const markerOf = (marker, layer) => `${marker}-${layer || 'none'}`;

/** @param {Row['layer']} layer */
export const hueOf = (layer) => (layer ? ` hue-${layer}` : '');

/** The markers that are the heads of arrows, one for each layer. @param {string} marker begins their ids */
export const drawMarkers = (marker) => svg('defs', {}, ...LAYERS.map((layer) => drawMarker(marker, layer)));

/** @param {string} marker @param {Row['layer']} layer */
const drawMarker = (marker, layer) =>
  svg(
    'marker',
    {
      id: markerOf(marker, layer),
      viewBox: '0 0 8 8',
      refX: 8,
      refY: 4,
      markerWidth: 12,
      markerHeight: 12,
      markerUnits: 'userSpaceOnUse',
      orient: 'auto',
    },
    svg('path', { class: `arrow-head${hueOf(layer)}`, d: 'M0 0 8 4 0 8z' }),
  );

/**
 * Draws a row at the position of the first one.
 * @param {Row} row @param {Layout} layout @param {string} marker begins the ids of the tips
 * @returns {SVGGElement}
 */
export function drawRow(
  { at, from, to, label: said, line, tone, fault: broken, isState, isDirect, layer, fold },
  { places, columnWidth, width, rowHeight, labelLines },
  marker,
) {
  const [label, fault] = [said, broken].map(visibleLine);
  const [x1, x2] = [places.get(from) ?? 0, places.get(to) ?? 0];
  const isArrow = x1 !== x2;
  const room = (isArrow ? Math.abs(x2 - x1) : columnWidth - 6) - 2 * MARGIN;
  const lines = fit(`${TONE_SIGNS[tone]}${label}${fault ? ' ⚡' : ''}`, room, labelLines);
  const arrowAt = rowHeight - 5;
  // `y` is the baseline of text, so it looks centred when it is a little below the middle.
  const middle = (isArrow ? arrowAt - 1 : rowHeight) / 2 + 4;
  const first = middle - (LINE_HEIGHT / 2) * (lines.length - 1);
  const group = svg(
    'g',
    {
      class: `row ${tone}${hueOf(layer)}${isState ? ' state' : ''}${isDirect ? ' direct' : ''}${fault ? ' faulty' : ''}${fold ? ' fold' : ''}${line ? ' has-line' : ''}`,
    },
    svg(
      'title',
      {},
      `${at.toFixed(1)} ms: ${label}${line ? ` (line ${line})` : ''}${fault ? ` (broken on purpose: ${fault})` : ''}`,
    ),
    svg('rect', { class: 'row-back', x: 0, y: 0, width, height: rowHeight }),
    svg('text', { class: 'time', x: TIME_WIDTH - 8, y: middle, 'text-anchor': 'end' }, at.toFixed(1)),
  );
  if (isArrow)
    group.append(
      svg('line', {
        class: 'arrow',
        x1,
        y1: arrowAt,
        x2: x2 + (x2 > x1 ? -2 : 2),
        y2: arrowAt,
        'marker-end': `url(#${markerOf(marker, layer)})`,
      }),
    );
  else
    group.append(
      svg('rect', {
        class: 'mark',
        x: x1 - columnWidth / 2 + 3,
        y: 2,
        width: columnWidth - 6,
        height: rowHeight - 4,
        rx: isState ? rowHeight / 2 - 2 : 3,
      }),
    );
  group.append(
    ...lines.map((text, i) =>
      svg('text', { class: 'label', x: (x1 + x2) / 2, y: first + LINE_HEIGHT * i, 'text-anchor': 'middle' }, text),
    ),
  );
  return group;
}

/**
 * The whole ladder in one drawing, to be saved.
 * @param {Row[]} rows @param {Layout} layout @param {string} note what is missing in it
 * @returns {SVGSVGElement}
 */
export function drawAll(rows, layout, note) {
  const { width, headHeight, rowHeight } = layout;
  const marker = 'ladder-head';
  const top = note ? 2 * LINE_HEIGHT : 0;
  const said = note ? [svg('text', { x: MARGIN, y: LINE_HEIGHT }, note)] : [];
  const body = svg('g', { transform: `translate(0 ${headHeight})` }, ...drawLifelines(layout, rowHeight * rows.length));
  rows.forEach((row, i) => {
    const group = drawRow(row, layout, marker);
    group.setAttribute('transform', `translate(0 ${rowHeight * i})`);
    body.append(group);
  });
  const height = top + headHeight + rowHeight * (rows.length + 0.5);
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height },
    drawMarkers(marker),
    ...said,
    svg('g', { transform: `translate(0 ${top})` }, ...drawHeads(layout), body),
  );
}

/** @type {CanvasRenderingContext2D | null} */
let ruler;

/** @param {string} text */
function widthOf(text) {
  if (!ruler) {
    ruler = document.createElement('canvas').getContext('2d');
    if (ruler) ruler.font = FONT;
  }
  return ruler ? ruler.measureText(text).width : text.length * 6.2;
}

/**
 * Breaks a text into lines that fit. What does not fit ends in an ellipsis.
 * @param {string} text @param {number} room CSS pixels @param {number} most lines
 * @returns {string[]}
 */
export function fit(text, room, most) {
  if (widthOf(text) <= room) return [text];
  if (most === 1) return [`${text.slice(0, longest(text, room, '…')).trimEnd()}…`];
  const whole = longest(text, room, '');
  // Breaks between words, or at capitals within a name, if the line is then more than a quarter full.
  const ends = Array.from(text.slice(0, whole + 1).matchAll(/\s|(?<=-)|(?<=[a-z])(?=[A-Z])/g), ({ index }) => index);
  const last = ends.at(-1) ?? 0;
  const end = last > whole / 4 ? last : whole;
  return [text.slice(0, end), ...fit(text.slice(end).trimStart(), room, most - 1)];
}

/** The number of characters that fit. @param {string} text @param {number} room @param {string} ending what is to follow it */
function longest(text, room, ending) {
  let [fits, tooLong] = [1, text.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (widthOf(text.slice(0, middle) + ending) <= room) fits = middle;
    else tooLong = middle;
  }
  return fits;
}
