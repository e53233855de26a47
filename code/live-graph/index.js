// @ts-check
// A graph that a program feeds while it runs: a curve for each line, and a table of the same values, which is what screen readers read. What it offers
// is documented in `index.d.ts`, against which this module is checked.
//
// May import: series.js.

import { axisOf, COLUMNS, createSeries, inWords } from './series.js';

/** @typedef {typeof import('./index.d.ts')} Library */

/** Each has a colour and a stroke of its own; more could not be told apart. */
const MAX_LINES = 4;
const MAX_SECONDS = 3_600;
/** From a value to the next drawing, in ms: changes that nobody can read cost work, and are motion. */
const PERIOD = 100;
const CALM_PERIOD = 1_000;
/** Of the curves, in units of the drawing, which is stretched to its place. */
const HEIGHT = 100;

/** All sizes are set before there is a value. Strokes differ by width and dashes as well, for those who have one colour for all. */
const STYLE = `
.live-graph { max-inline-size: 40rem; margin: 0.25rem 0.75rem; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.live-graph figcaption { font-weight: 600; }
.live-graph .plot { display: grid; grid-template: auto minmax(0, 1fr) auto / 5em minmax(0, 1fr); block-size: 10rem; column-gap: 0.5em; text-align: end; }
.live-graph .plot svg { grid-area: 1 / 2 / 3 / 3; box-sizing: border-box; inline-size: 100%; block-size: 100%; min-block-size: 0; overflow: visible; border: solid; border-width: 0 0 1px 1px; }
.live-graph .bottom { grid-area: 2 / 1; align-self: end; }
.live-graph .past { grid-area: 3 / 2; }
.live-graph polyline { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-width: 1.5px; stroke: currentColor; }
.live-graph .line-0 { stroke: light-dark(#0b5a9c, #8cc8ff); }
.live-graph .line-1 { stroke: light-dark(#864400, #f0b36b); stroke-width: 4px; }
.live-graph .line-2 { stroke: light-dark(#7a1fa2, #dcb3f5); stroke-dasharray: 2 3; }
.live-graph .line-3 { stroke: light-dark(#0a6355, #6fd6c0); stroke-dasharray: 6 3; stroke-width: 4px; }
.live-graph table { table-layout: fixed; inline-size: 100%; border-collapse: collapse; text-align: end; }
.live-graph tr > :first-child { inline-size: 40%; overflow-wrap: anywhere; text-align: start; }
.live-graph th { font-weight: inherit; text-align: end; }
.live-graph th svg { margin-inline-end: 0.5em; }
@media (forced-colors: active) { .live-graph polyline[class] { stroke: CanvasText; } }
`;

/** Made with the first graph, for all. @type {CSSStyleSheet | undefined} */
let sheet;

/** @type {Library['liveGraph']} */
export function liveGraph({ title, unit = '', lines, seconds = 30 }) {
  if (lines.length < 1 || lines.length > MAX_LINES || new Set(lines).size < lines.length)
    throw new RangeError(`liveGraph: lines are ${lines.join(', ')}: they may be one to ${MAX_LINES} different names.`);
  if (!(seconds >= 1 && seconds <= MAX_SECONDS))
    throw new RangeError(`liveGraph: seconds is ${seconds}, which is out of range: it may be 1 to ${MAX_SECONDS}.`);
  const { rows, ends, curves } = createFigure(unit ? `${title} (${unit})` : title, lines, seconds);
  const columnLength = (seconds * 1_000) / COLUMNS;
  const series = lines.map(createSeries);
  /** When the first value came, and the column of the newest one. @type {number | undefined} */
  let began;
  let newest = 0;
  let isDue = false;

  return {
    add(line, value) {
      const index = lines.indexOf(line);
      if (index < 0) throw new RangeError(`liveGraph: there is no line “${line}”. The lines are ${lines.join(', ')}.`);
      if (typeof value !== 'number')
        throw new TypeError(`liveGraph: the value of “${line}” is ${value}, and no number.`);
      if (!Number.isFinite(value)) return;
      began ??= performance.now();
      newest = Math.floor((performance.now() - began) / columnLength);
      series[index].add(newest, value);
      if (isDue) return;
      isDue = true;
      setTimeout(draw, matchMedia('(prefers-reduced-motion: reduce)').matches ? CALM_PERIOD : PERIOD);
    },
  };

  function draw() {
    isDue = false;
    const least = Math.min(...series.map(({ all }) => all.least));
    const most = Math.max(...series.map(({ all }) => all.most));
    const [bottom, top] = axisOf(least, most);
    ends.top.textContent = inWords(top);
    ends.bottom.textContent = inWords(bottom);
    const first = Math.max(0, newest - COLUMNS + 1);
    series.forEach(({ all, points }, i) => {
      const place = (/** @type {number} */ value) => ((HEIGHT * (top - value)) / (top - bottom)).toFixed(1);
      const places = points(first).map(([column, value]) => `${column},${place(value)}`);
      curves[i].setAttribute('points', places.join(' '));
      [all.last, all.least, all.most].forEach((value, cell) => {
        rows[i][cell].textContent = inWords(value);
      });
    });
  }
}

/** @param {string} title @param {readonly string[]} lines @param {number} seconds */
function createFigure(title, lines, seconds) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  const figure = element(document.body, 'figure', '', 'live-graph');
  element(figure, 'figcaption', title);
  // The table says the same in words.
  const plot = element(figure, 'div', '', 'plot');
  plot.ariaHidden = 'true';
  const ends = { top: element(plot, 'span', '1'), bottom: element(plot, 'span', '0', 'bottom') };
  const curves = drawing(plot, `0 0 ${COLUMNS - 1} ${HEIGHT}`, lines.length);
  element(plot, 'span', `the last ${seconds} s`, 'past');

  const table = element(figure, 'table', '');
  table.ariaLabel = title;
  const head = element(table, 'tr', '');
  for (const name of ['line', 'last', 'least', 'most']) element(head, 'th', name).setAttribute('scope', 'col');
  const rows = lines.map((line, i) => {
    const row = element(table, 'tr', '');
    const name = element(row, 'th', '');
    name.setAttribute('scope', 'row');
    const [key] = drawing(name, '0 0 24 8', 1, i);
    key.setAttribute('points', '0,4 24,4');
    name.append(line);
    return ['last', 'least', 'most'].map(() => element(row, 'td', inWords(NaN)));
  });
  return { rows, ends, curves };
}

/** @param {Element} parent @param {string} tag @param {string} text */
function element(parent, tag, text, className = '') {
  const made = document.createElement(tag);
  Object.assign(made, { textContent: text, className });
  parent.append(made);
  return made;
}

/** @param {Element} parent @param {string} box @param {number} count of curves @param {number} [from] the number of the first */
function drawing(parent, box, count, from = 0) {
  const make = (
    /** @type {Element} */ into,
    /** @type {string} */ tag,
    /** @type {Record<string, string>} */ attributes,
  ) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    into.append(made);
    return made;
  };
  const [, , width, height] = box.split(' ');
  const svg = make(parent, 'svg', { viewBox: box, width, height, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  return Array.from({ length: count }, (_, i) => make(svg, 'polyline', { class: `line-${from + i}` }));
}
