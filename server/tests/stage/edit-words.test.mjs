// @ts-check
// What the reader is told when another tab has changed the edit of a demo.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { wordsOfOtherEdit } from '../../../book/stage/edit-words.js';

test('another tab is spoken of only where the texts differ, and then by what is lost', () => {
  assert.equal(wordsOfOtherEdit(undefined, 'book', 'book'), '');
  assert.equal(wordsOfOtherEdit('mine', 'mine', 'book'), '');
  assert.match(wordsOfOtherEdit('theirs', 'book', 'book'), /comes when you load this page again/);
  assert.match(wordsOfOtherEdit(undefined, 'mine', 'book'), /has forgotten the edits/);
  assert.match(wordsOfOtherEdit('theirs', 'mine', 'book'), /has kept a version of its own/);
});
