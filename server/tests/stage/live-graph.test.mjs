// @ts-check
// The library live-graph without a browser: what is kept of a line, its axis, its words, and when the graph is drawn.

import assert from 'node:assert/strict';
import test from 'node:test';
import { liveGraph } from '../../../code/live-graph/index.js';
import { axisOf, COLUMNS, createSeries, inWords } from '../../../code/live-graph/series.js';

const globals = /** @type {any} */ (globalThis);

test('a line keeps as many columns as its window has, however many values come, and the least and greatest of all', () => {
  const series = createSeries();
  for (let column = 0; column < 10 * COLUMNS; column += 1) {
    for (let value = 0; value < 5; value += 1) series.add(column, column + value);
  }
  const points = series.points(0);
  assert.equal(new Set(points.map(([column]) => column)).size, COLUMNS);
  assert.equal(points.length, 3 * COLUMNS);
  assert.deepEqual(series.all, { least: 0, most: 10 * COLUMNS + 3, last: 10 * COLUMNS + 3 });
});

test('a peak between two drawings is in the curve, and the last value of its column leads on', () => {
  const series = createSeries();
  for (const value of [2, 90, 1, 3]) series.add(7, value);
  series.add(9, 4);
  assert.deepEqual(series.points(5), [
    [2, 1],
    [2, 90],
    [2, 3],
    [4, 4],
  ]);
  assert.deepEqual(series.points(8), [[1, 4]], 'what is older than the window is not drawn');
});

test('an axis has 0 on it, all values, and ends that are round', () => {
  assert.deepEqual(axisOf(3, 1_024), [0, 1_200]);
  assert.deepEqual(axisOf(0, 1_000), [0, 1_000]);
  assert.deepEqual(axisOf(0.2, 2.6), [0, 3]);
  assert.deepEqual(axisOf(-40, 7), [-40, 8]);
  assert.deepEqual(axisOf(-40, -2), [-40, 0]);
  assert.deepEqual(axisOf(0, 0), [0, 1], 'and is not empty');
  for (const most of [1e-9, 0.999_999_999_999, 1_000.000_000_000_1, 1e12]) {
    const [, top] = axisOf(0, most);
    assert.ok(top >= most && top <= 1.3 * most, `${top} for ${most}`);
  }
});

test('numbers are as a person reads them', () => {
  assert.deepEqual([0, 1_023.7, 99.96, 0.123_45, -250.4, 1e-9, NaN].map(inWords), [
    '0',
    '1024',
    '100',
    '0.123',
    '-250',
    '1e-9',
    '–',
  ]);
});

/** An element of a page that nobody sees. */
class Fake {
  textContent = '';
  /** @type {any[]} */
  children = [];
  /** @type {Record<string, string>} */
  attributes = {};
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
  }
  /** @param {any} child */
  append(child) {
    this.children.push(child);
  }
  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  /** @param {string} tag @returns {Fake[]} those of a kind in it */
  all(tag) {
    return this.children.flatMap((child) =>
      child instanceof Fake ? [...(child.tag === tag ? [child] : []), ...child.all(tag)] : [],
    );
  }
}

/** A page, and its clock. @param {boolean} [isCalm] whether its reader wants less motion */
function page(isCalm = false) {
  const body = new Fake('body');
  const make = (/** @type {string} */ tag) => new Fake(tag);
  globals.document = {
    body,
    adoptedStyleSheets: [],
    createElement: make,
    createElementNS: (/** @type {string} */ _, /** @type {string} */ tag) => make(tag),
  };
  globals.CSSStyleSheet = class {
    replaceSync() {}
  };
  globals.matchMedia = () => ({ matches: isCalm });
  const cells = () => body.all('td').map(({ textContent }) => textContent);
  return { body, cells };
}

test('it has all its elements before there is a value, and nothing that screen readers announce', () => {
  const { body, cells } = page();
  liveGraph({ title: 'Queue', unit: 'KiB', lines: ['queued', 'arrived'] });
  assert.equal(body.all('figcaption')[0].textContent, 'Queue (KiB)');
  assert.deepEqual(cells(), ['–', '–', '–', '–', '–', '–']);
  assert.equal(body.all('svg').length, 3, 'the plot, and a key for each line');
  assert.ok(body.all('svg').every(({ attributes }) => attributes['aria-hidden'] === 'true'));
  const attributes = body.all('table').flatMap((table) => [table, ...table.all('td')].map((one) => one.attributes));
  assert.ok(attributes.every((one) => !('aria-live' in one || 'role' in one)));
});

test('many values are one drawing, which comes by itself, and none comes without a value', (context) => {
  for (const [isCalm, period] of /** @type {[boolean, number][]} */ ([
    [false, 100],
    [true, 1_000],
  ])) {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { body, cells } = page(isCalm);
    const graph = liveGraph({ title: 'Rate', lines: ['sent'] });
    for (const value of [5, NaN, 2, 3]) graph.add('sent', value);
    context.mock.timers.tick(period - 1);
    assert.deepEqual(cells(), ['–', '–', '–']);
    context.mock.timers.tick(1);
    assert.deepEqual(cells(), ['3', '2', '5']);
    const [curve] = body.all('polyline');
    assert.match(curve.attributes.points, /^0,\d/);
    curve.setAttribute('points', '');
    context.mock.timers.tick(10 * period);
    assert.equal(curve.attributes.points, '', 'nothing is drawn while nothing comes');
    context.mock.timers.reset();
  }
});

test('a line that is not there, a value that is no number, and settings out of range are told in words', () => {
  const { body } = page();
  const says = (/** @type {() => void} */ act) => {
    try {
      act();
    } catch (error) {
      return String(error);
    }
  };
  const graph = /** @type {any} */ (liveGraph({ title: 'Rate', lines: ['sent', 'received'] }));
  assert.equal(
    says(() => graph.add('lost', 1)),
    'RangeError: liveGraph: there is no line “lost”. The lines are sent, received.',
  );
  assert.equal(
    says(() => graph.add('sent', undefined)),
    'TypeError: liveGraph: the value of “sent” is undefined, and no number.',
  );
  const made = body.all('figure').length;
  assert.match(String(says(() => liveGraph({ title: '', lines: [] }))), /^RangeError: liveGraph: lines are/);
  assert.match(String(says(() => liveGraph({ title: '', lines: ['a', 'a'] }))), /one to 4 different names/);
  assert.match(String(says(() => liveGraph({ title: '', lines: [...'abcde'] }))), /one to 4 different names/);
  assert.match(
    String(says(() => liveGraph({ title: '', lines: ['a'], seconds: 0 }))),
    /seconds is 0, which is out of range: it may be 1 to 3600/,
  );
  assert.equal(body.all('figure').length, made, 'and nothing of them is in the page');
});
