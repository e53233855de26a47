// What a demo has made as a file is offered with a name that is no path, without its type, and in bounds.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { MAX_BYTES, MAX_FILES, madeFileOf, nameOf, sizeInWords, tooMany } from '../../../book/stage/made-file.js';

test('a name is no path', () => {
  assert.equal(nameOf('clip.webm'), 'clip.webm');
  assert.equal(nameOf('../../.ssh/authorized_keys'), 'authorized_keys');
  assert.equal(nameOf('C:\\Windows\\system.ini'), 'system.ini');
  assert.equal(nameOf('/etc/'), 'file');
  assert.equal(nameOf('..'), 'file');
  assert.equal(nameOf('.profile'), 'profile');
  assert.equal(nameOf('a:b*c?.txt'), 'a_b_c_.txt');
});

test('a name has nothing that nobody sees', () => {
  assert.equal(nameOf('clip\u202emp4.exe'), 'clipmp4.exe');
  assert.equal(nameOf('a\u0000b\u200bc\n.txt'), 'abc.txt');
  assert.equal(nameOf(`clip.mp4${'\u2800'.repeat(50)}.exe`), 'clip.mp4.exe');
  assert.equal(nameOf('a   b.txt. . '), 'a b.txt');
  assert.equal(nameOf('gr\u00fc\u00dfe.txt'), 'gr\u00fc\u00dfe.txt');
});

test('a name that can not be used becomes one that can', () => {
  for (const given of [undefined, null, 7, {}, '', '   ', '\u202e', '...']) assert.equal(nameOf(given), 'file');
  assert.equal(nameOf('CON'), '_CON');
  assert.equal(nameOf('nul.webm'), '_nul.webm');
  assert.equal(nameOf('console.txt'), 'console.txt');
});

test('a long name is cut, and keeps its ending', () => {
  const name = nameOf(`${'x'.repeat(500)}.webm`);
  assert.equal([...name].length, 80);
  assert.ok(name.endsWith('x.webm'));
  assert.equal(nameOf(`a.${'x'.repeat(500)}`).length, 80);
  assert.ok(!/\p{Cs}/u.test(nameOf('\u{1f600}'.repeat(100))), 'no character is cut in two');
  assert.ok(nameOf('y'.repeat(1_000_000)).length <= 80);
});

test('a file has its bytes, and no type of the demo', async () => {
  const file = madeFileOf({ name: 'page.html', blob: new Blob(['<script>'], { type: 'text/html' }) });
  assert.equal(file?.name, 'page.html');
  assert.equal(file?.size, 8);
  assert.equal(file?.blob?.type, 'application/octet-stream');
  assert.equal(await file?.blob?.text(), '<script>');
});

test('what is no file, or too large, is not offered', () => {
  const large = Object.defineProperty(new Blob([]), 'size', { value: MAX_BYTES + 1 });
  const given = [undefined, null, 'x', {}, { blob: 'x' }, { name: 'x', blob: { size: 1 } }, { name: 'x', blob: large }];
  for (const file of given) assert.equal(madeFileOf(file), undefined);
});

test('sizes are in words', () => {
  const sizes = [0, 1, 1_023, 1_024, 41_700, 1_048_575, 1_048_576, MAX_BYTES];
  const words = ['0 bytes', '1 byte', '1023 bytes', '1 KiB', '41 KiB', '1.0 MiB', '1.0 MiB', '50.0 MiB'];
  assert.deepEqual(sizes.map(sizeInWords), words);
});

test('the oldest files go when there are too many, or too many bytes', () => {
  const files = (/** @type {number[]} */ ...sizes) => sizes.map((size) => ({ size }));
  const small = files(...Array.from({ length: MAX_FILES + 2 }, (_, size) => size));
  assert.deepEqual(tooMany(small).reverse(), small.slice(0, 2));
  assert.deepEqual(tooMany(files(1, MAX_BYTES)), files(1));
  assert.deepEqual(tooMany(files(MAX_BYTES)), []);
  assert.deepEqual(tooMany([]), []);
});

/** The runner's scripts are classic ones: each adds its part to `stage`. */
function runner() {
  const stage = {
    apply: Reflect.apply,
    uncurry:
      (/** @type {Function} */ method) =>
      (/** @type {any} */ self, /** @type {any[]} */ ...args) =>
        Reflect.apply(method, self, args),
    standIn: (/** @type {Function} */ native, /** @type {object} */ handler) => new Proxy(native, handler),
    recorder: {
      getter: (/** @type {any} */ prototype, /** @type {string} */ name) => {
        const { get } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
        return (/** @type {any} */ self) => get?.call(self);
      },
    },
  };
  class Link {
    constructor(/** @type {Record<string, string>} */ attributes) {
      Object.assign(this, { attributes });
    }
    getAttribute(/** @type {string} */ name) {
      return this.attributes[name] ?? null;
    }
  }
  const Url = { createObjectURL: URL.createObjectURL, revokeObjectURL: URL.revokeObjectURL };
  const script = readFileSync(new URL('../../../book/stage/runner/made-files.js', import.meta.url), 'utf8');
  new Function('stage', 'Element', 'URL', script)(stage, Link, Url);
  return { Link, Url, madeFiles: stage.madeFiles };
}

test('what is behind the address of a blob is known until it is revoked', () => {
  const { Link, Url, madeFiles } = runner();
  const blob = new Blob(['hello']);
  const href = Url.createObjectURL(blob);
  const link = new Link({ href, download: 'x.txt' });
  assert.deepEqual(madeFiles.of(link), { name: 'x.txt', blob, size: 5 });
  assert.equal(madeFiles.of(new Link({ href: 'data:,x', download: 'x.txt' })), undefined);
  assert.equal(madeFiles.of(new Link({ download: 'x.txt' })), undefined);
  assert.equal(madeFiles.of(new Link({ href, download: 'y'.repeat(5_000) })).name.length, 1_000);
  Url.revokeObjectURL(href);
  assert.equal(madeFiles.of(link), undefined);
});

test('the runner and the page have one bound', () => {
  assert.equal(runner().madeFiles.MAX_BYTES, MAX_BYTES);
});
