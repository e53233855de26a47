// @ts-check
// The “Stats” panel: graphs of throughput and quality, and all of `getStats` as a searchable table. The plotting library is loaded when the
// panel is first opened.
//
// May import: table.js, ../addresses.js, ../model/, ../../dom.js.

import { el } from '../../dom.js';
import { PLOTTING } from '../addresses.js';
import { createHistory } from '../model/history.js';
import { createTable, MAX_ROWS } from './table.js';

const HEIGHT = 160;
/** Graphs that are drawn, those with the latest samples. A note counts the others. */
const MAX_GRAPHS = 56;
/** Reports that are searched. A note counts the connections that are not. */
const MAX_REPORTS = 500;

/** @typedef {import('../../stats.js').Stats} Stats */

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
    failed,
    graphNote,
    graphs,
    now.element,
    el('div', { class: 'instruments-bar' }, el('label', {}, 'Search ', search)),
    note,
    values.element,
  );
  /** @type {Map<string, { plot: any, box: HTMLElement }>} */
  const plots = new Map();
  search.addEventListener('input', drawTable);

  async function draw() {
    const all = history.series();
    const shown = all.slice(-MAX_GRAPHS);
    graphNote.hidden = all.length === shown.length;
    graphNote.textContent = `${all.length - shown.length} further graphs are not drawn.`;
    empty.hidden = shown.length > 0;
    now.element.hidden = shown.length === 0;
    now.show(
      shown.map(({ of, title, unit, values }) => [
        `Connection ${of.slice(2)}`,
        title,
        ...[values.at(-1), least(values), most(values)].map((value) => write(value, unit)),
      ]),
    );
    drawTable();
    if (shown.length === 0) return;
    const library = await loadPlotting().catch(() => undefined);
    failed.hidden = library !== undefined;
    if (!library) return;
    const { UPlot } = library;
    const colors = getComputedStyle(element);
    const [fg, line, accent] = ['--fg', '--stage-line', '--stage-accent'].map((name) => colors.getPropertyValue(name));
    for (const [key, { plot, box }] of plots) {
      if (shown.some(({ of, id }) => key === keyOf(of, id))) continue;
      plot.destroy();
      box.remove();
      plots.delete(key);
    }
    for (const { of, id, title, unit, times, values } of shown) {
      const key = keyOf(of, id);
      let one = plots.get(key);
      if (!one) {
        const box = el('div', { class: 'graph' });
        graphs.append(box);
        const axis = { stroke: fg, grid: { stroke: line, width: 1 }, ticks: { stroke: line } };
        const options = {
          title: `Connection ${of.slice(2)}: ${title}, ${unit}`,
          width: Math.max(200, box.clientWidth),
          height: HEIGHT,
          cursor: { show: false },
          legend: { show: false },
          scales: { x: { time: false } },
          axes: [
            {
              ...axis,
              values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => `${tick} s`),
            },
            { ...axis, size: 62 },
          ],
          series: [{}, { label: `${title}, ${unit}`, stroke: accent, width: 2, points: { show: values.length < 3 } }],
        };
        box.setAttribute('role', 'img');
        box.setAttribute('aria-label', `${options.title}: the table below has the numbers`);
        one = { plot: new UPlot(options, [times, values], box), box };
        plots.set(key, one);
      }
      const width = Math.max(200, one.box.clientWidth);
      if (width !== one.plot.width) one.plot.setSize({ width, height: HEIGHT });
      one.plot.setData([times, values]);
    }
  }

  function drawTable() {
    const words = search.value.toLowerCase();
    const all = history.newest();
    let room = MAX_REPORTS;
    const searched = all.filter(([, reports]) => (room -= reports.length) >= 0);
    const rows = searched.flatMap(([of, reports]) =>
      inOrder(reports).flatMap((report) =>
        Object.entries(report)
          .filter(([name]) => !/^(id|type|timestamp)$/.test(name))
          .map(([name, value]) => [`Connection ${of.slice(2)}`, `${report.type} ${report.id}`, name, String(value)]),
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
      for (const { plot } of plots.values()) plot.destroy();
      plots.clear();
      graphs.replaceChildren();
    },
    newest: () => new Map(history.newest()),
  };
}

/** Puts certificates last: they are long and seldom of interest. @param {import('../../stats.js').Report[]} reports */
const inOrder = (reports) =>
  [false, true].flatMap((isLast) => reports.filter(({ type }) => (type === 'certificate') === isLast));

/** @param {string} of a connection @param {string} id of a graph */
const keyOf = (of, id) => `${of} ${id}`;

/** @param {(number | null)[]} values */
const known = (values) => values.filter((value) => value !== null);
/** @param {(number | null)[]} values */
const least = (values) => (known(values).length > 0 ? Math.min(...known(values)) : undefined);
/** @param {(number | null)[]} values */
const most = (values) => (known(values).length > 0 ? Math.max(...known(values)) : undefined);
/** @param {number | null | undefined} value @param {string} unit */
const write = (value, unit) =>
  value === null || value === undefined ? '' : `${Number(value.toFixed(1)).toLocaleString('en')} ${unit}`;
