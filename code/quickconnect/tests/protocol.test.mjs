// The signaling messages: what is read of them, and what is written.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { directed, encodeMessage, parseMessage, splitMessage } from '../js/protocol.js';

/** @type {{ value: unknown, field: string }[]} */
const EXAMPLES = JSON.parse(readFileSync(new URL('../encoding.json', import.meta.url), 'utf8'));

test('a message is taken apart without its payload being parsed', () => {
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
    assert.deepEqual(splitMessage(text), { command, sender, target, payload }, text);
});

test('what is not a message is none', () => {
  for (const text of ['', 'primus::hello|{}', 'hello', '/to|b', '/to|b|x', undefined, 5, new ArrayBuffer(3)])
    assert.equal(splitMessage(text), undefined);
});

test('every value that the clients agree on is written as they agreed, and read as itself', () => {
  for (const { value, field } of EXAMPLES) {
    const message = encodeMessage('x', 'a', [value, 'next']);
    assert.equal(message, `/x|a|${field}|next`);
    assert.deepEqual(parseMessage(directed('b', message)), {
      command: 'x',
      sender: 'a',
      target: 'b',
      args: [value, 'next'],
    });
  }
});

test('an original client’s object with a separator in it is one argument', () => {
  assert.deepEqual(parseMessage('/announce|a|{"name":"x|y"}')?.args, [{ name: 'x|y' }]);
  assert.deepEqual(parseMessage('/x|a')?.args, []);
  assert.deepEqual(parseMessage('/x|a|')?.args, [undefined]);
});
