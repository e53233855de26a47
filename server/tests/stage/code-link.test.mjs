// Links that carry code: what is packed comes back, what is too long or broken is refused, and what can't be seen becomes a number.

import assert from 'node:assert/strict';
import test from 'node:test';
import { pack, unpack } from '../../../book/stage/code-link.js';

/** Packs it, and expects that it can be. @param {(string | null)[]} texts */
async function packed(texts) {
  const result = await pack(texts);
  assert.ok('packed' in result, result.words);
  return result.packed;
}

/** A link as somebody else may make one. @param {unknown} value */
const made = (value) => `t${Buffer.from(JSON.stringify(value)).toString('base64url')}`;

test('what is packed comes back, each file by itself', async () => {
  const texts = ["console.log('Grüße, 世界 🙂');\n\tlast();\n", null, ''];
  assert.deepEqual(await unpack(await packed(texts)), { texts });
});

test('a link has only characters that programs keep', async () => {
  assert.match(await packed([Array.from({ length: 500 }, (_, i) => i * i).join()]), /^[\w-]+$/);
});

test('a demo of forty lines takes less than two thousand characters', async () => {
  const line = (/** @type {number} */ i) => `const value${i} = await peer.setLocalDescription(offer${i * 7});`;
  assert.ok((await packed([Array.from({ length: 40 }, (_, i) => line(i)).join('\n')])).length < 2_000);
});

test('a browser that can not pack makes a longer link, which others read', async (context) => {
  const { CompressionStream } = globalThis;
  context.after(() => {
    globalThis.CompressionStream = CompressionStream;
  });
  // @ts-expect-error An old browser.
  globalThis.CompressionStream = undefined;
  const link = await packed(['plain']);
  assert.equal(link[0], 't');
  assert.deepEqual(await unpack(link), { texts: ['plain'] });
});

test('a browser that packs in other ways only makes a longer link too', async (context) => {
  const { CompressionStream } = globalThis;
  context.after(() => {
    globalThis.CompressionStream = CompressionStream;
  });
  globalThis.CompressionStream = class {
    constructor() {
      throw new TypeError('deflate-raw is not known');
    }
  };
  assert.equal((await packed(['plain']))[0], 't');
});

test('a browser that can not unpack says so', async (context) => {
  const link = await packed(['small']);
  const { DecompressionStream } = globalThis;
  context.after(() => {
    globalThis.DecompressionStream = DecompressionStream;
  });
  // @ts-expect-error An old browser.
  globalThis.DecompressionStream = undefined;
  const result = await unpack(link);
  assert.match('words' in result ? result.words : '', /can not unpack/);
});

test('code that is too long for a link is refused, with how long it is', async () => {
  const noise = Array.from({ length: 20_000 }, (_, i) => Math.sin(i).toString(36).at(-2)).join('');
  const result = await pack([noise]);
  assert.match('words' in result ? result.words : '', /takes 1\d,\d{3} characters there, and may take 8,000/);
  const repeated = await pack(['x'.repeat(100_001)]);
  assert.match('words' in repeated ? repeated.words : '', /it has 100,001 characters, and may have 100,000\./);
  const lines = await pack(['\n'.repeat(5_000)]);
  assert.match('words' in lines ? lines.words : '', /it has 5,001 lines, and may have 5,000\./);
  assert.ok('packed' in (await pack(['\n'.repeat(4_999)])));
});

test('what unpacks to more than may be kept is refused', async () => {
  const bomb = new Blob([JSON.stringify(['x'.repeat(5_000_000)])]).stream();
  const bytes = await new Response(bomb.pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
  const link = `z${Buffer.from(bytes).toString('base64url')}`;
  assert.ok(link.length < 8_000, 'it is short enough to be looked at');
  const result = await unpack(link);
  assert.match('words' in result ? result.words : '', /not whole/);
});

test('what is too long to be shown is refused: in characters, in lines, and with numbers for what can not be seen', async () => {
  const few = (/** @type {string} */ text) => text.repeat(1_000);
  for (const text of ['x'.repeat(100_001), '\n'.repeat(5_000), '\r'.repeat(5_000), '\u202e'.repeat(15_000)]) {
    const bytes = await new Response(
      new Blob([JSON.stringify([text])]).stream().pipeThrough(new CompressionStream('deflate-raw')),
    ).arrayBuffer();
    const result = await unpack(`z${Buffer.from(bytes).toString('base64url')}`);
    assert.match('words' in result ? result.words : '', /longer than this page shows/);
  }
  assert.ok('texts' in (await unpack(made([few('\n')]))));
});

test('what is no packed code is refused', async () => {
  const whole = await packed(['console.log(1);']);
  for (const broken of ['', 'z', 't', 'x123', whole.slice(0, -3), `z${'!'.repeat(9)}`, 't____', 't'.repeat(9_000)]) {
    assert.ok('words' in (await unpack(broken)), broken);
  }
  for (const value of [null, {}, 'text', [], [null], [1], [['x']], [{ length: 3 }], ['x'.repeat(100_001)]])
    assert.ok('words' in (await unpack(made(value))), JSON.stringify(value).slice(0, 40));
});

test('what can not be seen in the code of a link becomes a number, and lines end as they do here', async () => {
  const sneaky = 'a\r\nb\rc // \u202e\u2066 then\u200b\ty';
  assert.deepEqual(await unpack(made([sneaky])), { texts: ['a\nb\nc // [U+202E][U+2066] then[U+200B]\ty'] });
});
