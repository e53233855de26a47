import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patched } from '../../../book/stage/patch.js';

const CODE = 'one\ntwo\n\nthree\ntwo';

test('lines come, go, and are told by their numbers in the new text', () => {
  assert.deepEqual(patched(CODE, ' one\n+between\n two\n'), {
    code: 'one\nbetween\ntwo\n\nthree\ntwo',
    added: [2],
    removed: [],
  });
  assert.deepEqual(patched(CODE, '-three\n'), { code: 'one\ntwo\n\ntwo', added: [], removed: [4] });
  assert.deepEqual(patched(CODE, '-one\n-two\n+2\n'), { code: '2\n\nthree\ntwo', added: [1], removed: [1] });
});

test('a diff may change several places, and have numbers that nobody reads', () => {
  assert.deepEqual(patched(CODE, '@@ -1,2 +1,2 @@\n-one\n+1\n@@ -9 +9 @@\n three\n+four\n'), {
    code: '1\ntwo\n\nthree\nfour\ntwo',
    added: [1, 5],
    removed: [1],
  });
});

test('an empty line stays, also where an editor has taken its space', () => {
  assert.equal(patched(CODE, ' two\n\n-three\n')?.code, 'one\ntwo\n\ntwo');
});

test('a place that is not there, or not only once, changes nothing', () => {
  for (const diff of ['-four\n', '-two\n', '+nowhere\n', ' one\n-three\n'])
    assert.equal(patched(CODE, diff), undefined, diff);
});
