// @ts-check
// The “Stats” panel: graphs of throughput and quality, and all of `getStats` as a searchable table. The plotting library is loaded when the
// panel is first opened.
//
// May import: connection-choice.js, table.js, ../addresses.js, ../model/, ../../dom.js.

import { el } from '../../dom.js';
import { PLOTTING } from '../addresses.js';
import { createHistory } from '../model/history.js';
import { titleOf } from '../model/title.js';
import { createConnectionChoice } from './connection-choice.js';
import { createTable, MAX_ROWS } from './table.js';

const HEIGHT = 130;
/** The smallest width of a graph, in CSS pixels. */
const LEAST_WIDTH = 200;
/** How the second line of a graph is dashed. */
const SECOND_DASH = [4, 3];
/** How much higher the scale is than the largest value. */
const HEADROOM = 1.1;
/** Graphs that are drawn, those with the latest samples. A note counts the others. */
const MAX_GRAPHS = 56;
/** Reports that are searched. A note counts the connections that are not. */
const MAX_REPORTS = 500;

/** @typedef {import('../../stats.js').Stats} Stats */
/** @typedef {import('../model/history.js').Series} Series */

/** @type {Promise<any> | undefined} */
let plotting;
/** How often the library did not load. */
let failures = 0;

/** Loads the library and its style, once for the page; again, if that failed. */
function loadPlotting() {
  plotting ??= loadStyle()
    // A browser may remember that an address gave no module.
    .then(() => import(failures === 0 ? PLOTTING.script : `${PLOTTING.script}?again=${failures}`))
    .catch((error) => {
      plotting = undefined;
      failures += 1;
      throw error;
    });
  return plotting;
}

function loadStyle() {
  return new Promise((resolve, reject) => {
    const link = el('link', { rel: 'stylesheet', href: PLOTTING.style });
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      reject(new Error('the style of the graphs did not load'));
    };
    document.head.append(link);
  });
}

/** Creates the “Stats” panel. */
export function createStats() {
  const history = createHistory();
  const empty = el(
    'p',
    { class: 'note' },
    'No statistics yet: press Run, and leave this panel open while connections are there.',
  );
  const choice = createConnectionChoice(() => draw());
  const failed = el(
    'p',
    { class: 'note', role: 'status' },
    'The graphs did not load: is the server still there? They are asked for again while this panel is open.',
  );
  failed.hidden = true;
  const graphs = el('div', { class: 'graphs' });
  const now = createTable('What the graphs show now', ['Of', 'What', 'Now', 'Least', 'Most']);
  const graphNote = el('p', { class: 'note' });
  const search = el('input', {
    type: 'search',
    'aria-label': 'Search the statistics',
    placeholder: 'bytes, candidate, …',
  });
  const values = createTable('Everything that getStats() says', ['Of', 'Report', 'Field', 'Value']);
  const note = el('p', { class: 'note' });
  const element = el(
    'div',
    { class: 'stats' },
    empty,
    choice.element,
    failed,
    graphNote,
    graphs,
    el('details', {}, el('summary', {}, 'The graphs as a table'), now.element),
    el(
      'details',
      {},
      el('summary', {}, 'Everything that getStats() says'),
      el('div', { class: 'instruments-bar' }, el('label', {}, 'Search ', search)),
      note,
      values.element,
    ),
  );
  /** @type {Map<string, { plot: any, box: HTMLElement }>} */
  const plots = new Map();
  /** What the connections are called. @type {Map<string, string>} */
  let titles = new Map();
  search.addEventListener('input', drawTable);

  /** @param {Pick<import('./panel.js').View, 'model'>} [view] without one, what was shown last */
  async function draw(view) {
    if (view) titles = new Map(view.model.connections.map(({ id, title }) => [id, title]));
    choice.offer(history.newest().map(([of]) => ({ id: of, title: titleIn(of) })));
    const all = history.series().filter(({ of }) => choice.isShown(of));
    const shown = all.slice(-MAX_GRAPHS);
    graphNote.hidden = all.length === shown.length;
    graphNote.textContent = `${all.length - shown.length} further graphs are not drawn.`;
    empty.hidden = shown.length > 0;
    now.element.hidden = shown.length === 0;
    now.show(
      shown.flatMap(({ of, graph, lines }) =>
        lines.map(({ title, values }) => [
          titleIn(of),
          title ? `${graph.title}, ${title}` : graph.title,
          ...[values.at(-1), least(values), most(values)].map((value) => write(value, graph.unit)),
        ]),
      ),
    );
    drawTable();
    prune(new Set(shown.map(keyOf)));
    if (shown.length === 0) return;
    const library = await loadPlotting().catch(() => undefined);
    failed.hidden = library !== undefined;
    if (library) drawGraphs(library.UPlot, shown);
  }

  /** Removes all graphs but these. @param {Set<string>} keys */
  function prune(keys) {
    for (const [key, { plot, box }] of plots) {
      if (keys.has(key)) continue;
      plot.destroy();
      box.remove();
      plots.delete(key);
    }
  }

  /** @param {any} UPlot @param {Series[]} shown */
  function drawGraphs(UPlot, shown) {
    for (const series of shown) {
      const { times, lines } = series;
      const data = [times, ...lines.map(({ values }) => values)];
      let one = plots.get(keyOf(series));
      if (!one) {
        const box = el('div', { class: 'graph', role: 'img' });
        graphs.append(box);
        const title = `${titleIn(series.of)}: ${headOf(series)}`;
        box.setAttribute('aria-label', `${title}: the table below has the numbers`);
        one = { plot: new UPlot(optionsOf(series, title, Math.max(LEAST_WIDTH, box.clientWidth)), data, box), box };
        plots.set(keyOf(series), one);
      }
      const width = Math.max(LEAST_WIDTH, one.box.clientWidth);
      if (width !== one.plot.width) one.plot.setSize({ width, height: HEIGHT });
      one.plot.setData(data);
    }
  }

  /** @param {Series} series @param {string} title @param {number} width */
  function optionsOf({ graph, lines }, title, width) {
    const colors = getComputedStyle(element);
    const hue = graph.layer ? `--hue-${graph.layer}` : '--stage-accent';
    const [fg, line, color] = ['--fg', '--stage-line', hue].map((name) => colors.getPropertyValue(name));
    const axis = { stroke: fg, grid: { stroke: line, width: 1 }, ticks: { stroke: line } };
    return {
      title,
      width,
      height: HEIGHT,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false }, y: { range: rangeOf } },
      axes: [
        { ...axis, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => `${tick} s`) },
        { ...axis, size: 62, filter: withoutEmptyScale },
      ],
      series: [
        {},
        ...lines.map((one, i) => ({
          label: one.title || graph.title,
          stroke: color,
          width: 2,
          dash: i === 0 ? undefined : SECOND_DASH,
          points: { show: one.values.length < 3 },
        })),
      ],
    };
  }

  /** @param {string} of a connection */
  const titleIn = (of) => titles.get(of) ?? titleOf(of, '', undefined);

  function drawTable() {
    const words = search.value.toLowerCase();
    const all = history.newest().filter(([of]) => choice.isShown(of));
    let room = MAX_REPORTS;
    const searched = all.filter(([, reports]) => (room -= reports.length) >= 0);
    const rows = searched.flatMap(([of, reports]) =>
      inOrder(reports).flatMap((report) =>
        Object.entries(report)
          .filter(([name]) => !/^(id|type|timestamp)$/.test(name))
          .map(([name, value]) => [titleIn(of), `${report.type} ${report.id}`, name, String(value)]),
      ),
    );
    const found = rows.filter((row) => row.join(' ').toLowerCase().includes(words));
    note.hidden = rows.length === 0;
    note.textContent = `${found.length} of ${rows.length} values${found.length > MAX_ROWS ? `, of which the first ${MAX_ROWS} are shown` : ''}${all.length > searched.length ? `; those of ${all.length - searched.length} further connections are not searched` : ''}.`;
    values.element.hidden = rows.length === 0;
    values.show(found.slice(0, MAX_ROWS));
  }

  return {
    title: 'Stats',
    about: 'What flows, and how well, asked once a second while this is open.',
    element,
    draw,
    needsStats: true,
    /** @param {Stats} stats */
    add: history.add,
    clear() {
      history.clear();
      prune(new Set());
    },
    newest: () => new Map(history.newest()),
  };
}

/** Puts certificates last: they are long and seldom of interest. @param {import('../../stats.js').Report[]} reports */
const inOrder = (reports) =>
  [false, true].flatMap((isLast) => reports.filter(({ type }) => (type === 'certificate') === isLast));

/** A line that is added later makes another graph. @param {Series} series */
const keyOf = ({ of, graph, lines }) => [of, graph.id, ...lines.map(({ title }) => title)].join(' ');

/** What a graph shows, and how its lines are told apart. @param {Series} series */
function headOf({ graph, lines }) {
  const marks = lines.map(({ title }, i) => (title ? `${i === 0 ? '—' : '┄'} ${title}` : '')).filter(Boolean);
  return `${graph.title}, ${graph.unit}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}

/** From 0, so that graphs can be compared at a glance. @param {any} _ @param {number | null} __ @param {number | null} most */
const rangeOf = (_, __, most) => [0, isFlat(most) ? 1 : (most ?? 0) * HEADROOM];

/** @param {number | null} most */
const isFlat = (most) => !most || most <= 0;

/** A flat zero has no scale but that. @param {any} plot @param {number[]} ticks */
const withoutEmptyScale = (plot, ticks) =>
  plot.data.slice(1).every((/** @type {(number | null)[]} */ values) => values.every(isFlat))
    ? ticks.map((tick) => (tick === 0 ? tick : null))
    : ticks;

/** @param {(number | null)[]} values */
const known = (values) => values.filter((value) => value !== null);
/** @param {(number | null)[]} values */
const least = (values) => (known(values).length > 0 ? Math.min(...known(values)) : undefined);
/** @param {(number | null)[]} values */
const most = (values) => (known(values).length > 0 ? Math.max(...known(values)) : undefined);
/** @param {number | null | undefined} value @param {string} unit */
const write = (value, unit) =>
  value === null || value === undefined ? '' : `${Number(value.toFixed(1)).toLocaleString('en')} ${unit}`;
