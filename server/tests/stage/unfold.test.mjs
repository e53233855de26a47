// What a frame answers when the reader unfolds a value of the console: one level, within bounds, and without a trace in the demo.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import vm from 'node:vm';
import { scriptOfPart } from './runner-part.mjs';

const RUNNER = new URL('../../../book/stage/runner/', import.meta.url);
const SCRIPTS = await Promise.all(
  ['platform.js', 'describe.js', 'values.js'].map(
    async (name) => new vm.Script(await readFile(new URL(name, RUNNER), 'utf8'), { filename: name }),
  ),
);
const PART = await scriptOfPart('unfold');

/** Of the page, what the runner asks for by name. */
const NO_PAGE = 'class CharacterData {} class Element {} class Node {} class DOMException extends Error {}';

/** A frame that has logged what this code makes. @param {string} code an expression: a list of what was logged */
function frameOf(code) {
  const world = {
    stage: /** @type {any} */ ({ lines: { isJavaScriptCore: false, named: (text) => text } }),
    EventTarget,
  };
  vm.createContext(world);
  vm.runInContext(NO_PAGE, world);
  for (const script of [...SCRIPTS, PART]) script.runInContext(world);
  const { values } = world.stage;
  const { open } = vm.runInContext('install(stage, stage.values)', world);
  const keep = (/** @type {string} */ logged) => values.keep(vm.runInContext(logged, world));
  const entry = keep(code);
  const plain = (/** @type {unknown} */ answer) => JSON.parse(JSON.stringify(answer));
  return {
    entry,
    keep,
    look: (/** @type {string} */ expression) => vm.runInContext(expression, world),
    /** @param {number} [node] @param {number} [from] @param {number} [of] */
    open: (node = -1, from = 0, of = entry) => plain(open({ entry: of, node, from })),
    /** What is in the only value that was logged. */
    inside: (from = 0) => {
      const [{ node }] = plain(open({ entry, node: -1, from: 0 })).items;
      return plain(open({ entry, node, from }));
    },
  };
}

/** The items as a reader sees them. @param {{ items: { key: string, text: string, node?: number }[] }} answer */
const shown = ({ items }) => items.map(({ key, text, node }) => `${node === undefined ? '' : '▸ '}${key} ${text}`);

test('an entry has the objects that were logged, and nothing to unfold if there are none', () => {
  const { open, keep } = frameOf("['words', { a: 1 }, 5, [1, 2]]");
  assert.deepEqual(shown(open()), ['▸  { a: 1 }', '▸  [ 1, 2 ]']);
  assert.equal(keep("['words', 5, null, undefined, Symbol('s'), () => 1]"), 0);
});

/** What is logged, and what is in it. @type {[string, string[]][]} */
const VALUES = [
  ["{ a: 1, b: { c: ['x'] }, [Symbol('s')]: null }", ['a: 1', '▸ b: { c: [array of 1] }', '[Symbol(s)]: null']],
  ["new Map([['k', { v: 1 }], [2, 3]])", ['▸ "k" => { v: 1 }', '2 => 3']],
  ['new Map([[{ id: 1 }, 2]])', ['▸ 0: { { id: 1 } => 2 }']],
  ["new Set(['a', [1]])", ['0: "a"', '▸ 1: [ 1 ]']],
  ["Object.assign([1, , {}], { named: 'x' })", ['0: 1', '1: (empty)', '2: {}', 'named: "x"']],
  ['new Float32Array([0.5, 2])', ['0: 0.5', '1: 2']],
  ['new Uint8Array(18).fill(255).buffer', [`0000: ${Array(16).fill('ff').join(' ')}`, '0010: ff ff']],
  ['new (class Point { x = 1; #y = 2; get z() { return 3; } })()', ['x: 1']],
  ['Object.defineProperty({ shown: 1 }, "hidden", { value: 7 })', ['shown: 1', 'hidden: 7']],
  ['Object.defineProperty({}, "hidden", { value: 7 })', ['hidden: 7']],
  [
    '{ date: new Date(0), expression: /x/g, boxed: Object(1n) }',
    ['date: 1970-01-01T00:00:00.000Z', 'expression: /x/g', 'boxed: [BigInt: 1n]'],
  ],
];

for (const [value, expected] of VALUES)
  test(`${value} unfolds`, () => {
    const frame = frameOf(`[${value}]`);
    assert.deepEqual(shown(frame.inside()), expected);
  });

test('of a long value its beginning is shown, of a long list how long it is', () => {
  const long = "{ id: 'P', timestamp: 1796046590115.49, type: 'peer-connection', dataChannelsClosed: 0, opened: 0 }";
  assert.deepEqual(shown(frameOf(`[${long}, Array(90).fill(1)]`).open()), [
    '▸  { id: "P", timestamp: 1796046590115.49, type: "peer-connection", dataChannelsClo…',
    '▸  [array of 90]',
  ]);
});

test('a private field is said to be there', () => {
  assert.match(frameOf('[new (class A { #hidden = 1; shown = 2; })()]').inside().remark, /private fields/);
});

test('an error has its causes and its stack', () => {
  const frame = frameOf("[Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 7 })]");
  const answer = frame.inside();
  assert.deepEqual(shown(answer).slice(0, 3), ['message: "outer"', '▸ cause: Error: inner', 'code: 7']);
  assert.match(answer.items.at(-1).text, /TypeError: outer\n {4}at /);
  const cause = frame.open(answer.items[1].node);
  assert.equal(shown(cause)[0], 'message: "inner"');
});

test('getters are not called, and promises get no handler', async () => {
  const frame = frameOf(
    '[globalThis.it = { calls: 0, get sly() { this.calls += 1; return 1; }, later: Promise.resolve(1) }]',
  );
  frame.look('globalThis.handled = 0; Promise.prototype.then = () => { handled += 1; };');
  const answer = frame.inside();
  assert.deepEqual(shown(answer).slice(0, 2), ['calls: 0', 'sly: [getter]']);
  const { node } = answer.items[2];
  if (node !== undefined) frame.open(node);
  assert.deepEqual([frame.look('it.calls'), frame.look('handled')], [0, 0]);
});

test('a circle is named, however far it leads', () => {
  const frame = frameOf('[(() => { const a = { b: {} }; a.b.a = a; a.b.own = a.b; return a; })()]');
  const { items } = frame.inside();
  assert.deepEqual(shown(frame.open(items[0].node)), ['a: [circular]', 'own: [circular]']);
});

test('a long list comes a hundred at a time', () => {
  const frame = frameOf('[Array.from({ length: 250 }, (_, i) => i)]');
  const first = frame.inside();
  assert.deepEqual([first.items.length, first.rest, first.items[99].key], [100, 150, '99:']);
  const last = frame.inside(200);
  assert.deepEqual([last.items.length, last.rest, last.items[0].key], [50, 0, '200:']);
  const keyed = frameOf('[new Map(Array.from({ length: 120 }, (_, i) => [i, i]))]').inside(100);
  assert.deepEqual([keyed.items.length, keyed.rest, keyed.items[0].key], [20, 0, '100 =>']);
});

test('long texts are cut, and few of them come at once', () => {
  const frame = frameOf("[Array(30).fill('x'.repeat(20_000))]");
  const { items, rest } = frame.inside();
  assert.ok(items.length < 10 && items.length + rest === 30, `${items.length} and ${rest}`);
  assert.match(items[0].text, /more characters/);
});

test('what is deeper than thirty, or the two thousandth of an entry, is not unfolded, and says so', () => {
  const deep = frameOf(
    '[(() => { let a = { end: 1 }; for (let i = 0; i < 40; i += 1) a = { a, b: 0 }; return a; })()]',
  );
  let [item] = deep.open().items;
  for (let depth = 0; item.node !== undefined; depth += 1) {
    assert.ok(depth <= 30);
    [item] = deep.open(item.node).items;
  }
  assert.match(item.text, /in more than 30 others/);

  const wide = frameOf('[Array.from({ length: 3_000 }, () => ({ a: 1 }))]');
  let words = '';
  for (let from = 0; from < 3_000 && !words; from += 100)
    words = wide.inside(from).items.at(-1).node === undefined ? 'full' : '';
  assert.equal(words, 'full');
});

test('the values of the newest hundred entries are kept', () => {
  const frame = frameOf('[{ first: 1 }]');
  for (let i = 0; i < 100; i += 1) frame.keep(`[{ i: ${i} }]`);
  assert.match(frame.open().remark, /100 newest entries/);
  assert.equal(frame.open(-1, 0, frame.entry + 100).items.length, 1);
});

test('what refuses to be looked at is named, and does no harm', () => {
  const frame = frameOf("[{ held: 1, sly: new Proxy({}, { ownKeys() { throw new Error('no'); } }) }]");
  assert.deepEqual(shown(frame.inside()), ['held: 1', 'sly: [an object that can not be looked at]']);
});
