// Where something stands in the code of a demo: in which file, and in which line of the editor.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import vm from 'node:vm';

const LINES = await readFile(new URL('../../../book/stage/runner/lines.js', import.meta.url), 'utf8');

/** The addresses of two files, and a stack in which the second one was called by the first. */
const [FIRST, SECOND] = ['blob:null/1-first', 'blob:null/2-second'];
const STACK = `Error: no\n    at leave (${SECOND}:12:7)\n    at ${FIRST}:3:1`;

/** @param {...[name: string, code: string]} sources */
function linesOf(...sources) {
  const uncurry = Function.prototype.call.bind.bind(Function.prototype.call);
  const stage = /** @type {any} */ ({ uncurry });
  vm.runInContext(LINES, vm.createContext({ stage, Error }));
  [FIRST, SECOND].forEach((url, index) => {
    if (sources[index]) stage.lines.setCode(index, sources[index][0], url, sources[index][1]);
  });
  const { apart } = stage.lines;
  // An object of this realm, which can be compared.
  return { ...stage.lines, url: stage.lines.url, apart: (place) => ({ ...apart(place) }) };
}

const two = () => linesOf(['a.js', "import { n } from './b.js';\nn();\n"], ['b.js', 'export const n = () => top.x;\n']);

test('of a demo with one file a place is the line, as the editor counts', () => {
  const lines = linesOf(['a.js', 'one\r\ntwo\u2028three\n']);
  assert.equal(lines.inStack(`x (${FIRST}:2:1)`), 2);
  // The editor knows line feeds only.
  assert.equal(lines.inStack(`x (${FIRST}:3:1)`), 2);
  assert.equal(lines.inStack('Error\n at elsewhere.js:3:1'), undefined);
  assert.deepEqual(lines.apart(2), { line: 2, file: 0 });
  assert.deepEqual(lines.apart(undefined), { line: undefined, file: 0 });
  assert.equal(lines.url, FIRST);
});

test('of several files the innermost place counts for errors, and the line of the first file for what is recorded', () => {
  const lines = two();
  assert.deepEqual(lines.apart(lines.inStack(STACK)), { line: 12, file: 1 });
  assert.equal(lines.ofFirst(STACK), 3);
  assert.equal(lines.ofFirst(`x (${SECOND}:12:7)`), undefined, 'nothing of the first file has called it');
  assert.deepEqual([...lines.ofStack(STACK)].map(lines.apart), [
    { line: 12, file: 1 },
    { line: 3, file: 0 },
  ]);
  assert.deepEqual(lines.apart(lines.inCode(SECOND, 4)), { line: 4, file: 1 });
  assert.equal(lines.inCode('blob:null/other', 4), undefined);
  assert.equal(lines.nameOf(1), 'b.js');
  assert.equal(lines.url, undefined, 'an address without its file leads nowhere');
});

test('what is looked for in the code is found in each file', () => {
  const lines = two();
  assert.deepEqual(lines.apart(lines.matching(/\btop\b/)), { line: 1, file: 1 });
  assert.equal(lines.textAt(lines.matching(/\btop\b/)), 'export const n = () => top.x;');
  assert.equal(lines.textAt(2), 'n();');
  assert.equal(lines.ofImport('./b.js'), 1);
  assert.deepEqual([...lines.imports()], ['./b.js']);
});

test('imports of a file get its address, and nothing else of the code changes', () => {
  const lines = linesOf();
  const addresses = new Map([['./b.js', SECOND]]);
  const code = [
    "import { n } from './b.js'; // './b.js'",
    "import './b.js';",
    'export * from "./b.js";',
    "const later = import('./b.js');",
    "const text = './b.js', other = `from './b.js'`;",
    "import { m } from './c.js';",
    "const words = 'from ./b.js';",
  ].join('\n');
  assert.equal(
    lines.linked(code, addresses),
    [
      `import { n } from '${SECOND}'; // './b.js'`,
      `import '${SECOND}';`,
      `export * from '${SECOND}';`,
      `const later = import('${SECOND}');`,
      "const text = './b.js', other = `from './b.js'`;",
      "import { m } from './c.js';",
      "const words = 'from ./b.js';",
    ].join('\n'),
  );
});

test('what a browser says of a file has its name in place of its address', () => {
  const lines = two();
  assert.equal(
    lines.named(`The requested module '${SECOND}' does not provide an export named 'm'`),
    "The requested module './b.js' does not provide an export named 'm'",
  );
});
