// The signaling messages: what is read of them, and what is written.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { directed, encodeFrame, parseFrame, splitFrame } from '../js/frames.js';

/** @type {{ value: unknown, field: string }[]} */
const EXAMPLES = JSON.parse(readFileSync(new URL('../encoding.json', import.meta.url), 'utf8'));

test('a frame is taken apart without its payload being parsed', () => {
  const cases = {
    '/announce|a|{"id":"a"}': ['announce', 'a', undefined, '{"id":"a"}'],
    '/to|b|/sdp|a|{"sdp":"x|y"}|': ['sdp', 'a', 'b', '{"sdp":"x|y"}|'],
    '/Leave|a': ['leave', 'a', undefined, undefined],
    '/leave|a|': ['leave', 'a', undefined, ''],
    '/roominfo|{"memberCount":2}': ['roominfo', '', undefined, '{"memberCount":2}'],
    '/x|a|two\nlines': ['x', 'a', undefined, 'two\nlines'],
    '/to||/x': ['x', '', '', undefined],
  };
  for (const [text, [command, sender, target, payload]] of Object.entries(cases))
    assert.deepEqual(splitFrame(text), { command, sender, target, payload }, text);
});

test('what is not a frame is none', () => {
  for (const text of ['', 'primus::hello|{}', 'hello', '/to|b', '/to|b|x', undefined, 5, new ArrayBuffer(3)])
    assert.equal(splitFrame(text), undefined);
});

test('every value that the clients agree on is written as they agreed, and read as itself', () => {
  for (const { value, field } of EXAMPLES) {
    const frame = encodeFrame('x', 'a', [value, 'next']);
    assert.equal(frame, `/x|a|${field}|next`);
    assert.deepEqual(parseFrame(directed('b', frame)), {
      command: 'x',
      sender: 'a',
      target: 'b',
      args: [value, 'next'],
    });
  }
});

test('an original client’s object with a separator in it is one argument', () => {
  assert.deepEqual(parseFrame('/announce|a|{"name":"x|y"}')?.args, [{ name: 'x|y' }]);
  assert.deepEqual(parseFrame('/x|a')?.args, []);
  assert.deepEqual(parseFrame('/x|a|')?.args, [undefined]);
});
