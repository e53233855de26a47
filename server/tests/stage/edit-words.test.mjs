// @ts-check
// What the reader is told of edits of a demo that are kept, and when another tab has changed one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { wordsOfKept, wordsOfOtherEdit } from '../../../book/stage/edit-words.js';

test('another tab is spoken of only where the texts differ, and then by what is lost', () => {
  assert.equal(wordsOfOtherEdit(undefined, 'book', 'book'), '');
  assert.equal(wordsOfOtherEdit('mine', 'mine', 'book'), '');
  assert.match(wordsOfOtherEdit('theirs', 'book', 'book'), /comes when you load this page again/);
  assert.match(wordsOfOtherEdit(undefined, 'mine', 'book'), /has forgotten the edits/);
  assert.match(wordsOfOtherEdit('theirs', 'mine', 'book'), /has kept a version of its own/);
});

test('of several files it is said which ones are edited, and what Reset is about', () => {
  assert.equal(wordsOfKept([], true), '');
  assert.equal(wordsOfKept([], false), '');
  assert.equal(wordsOfKept(['a.js'], true), 'This is your edited version. Reset brings back the text of the book.');
  assert.match(
    wordsOfKept(['nat.js'], false),
    /^Your edited version of nat\.js is shown\. .* of the file that you look at\.$/,
  );
  assert.match(wordsOfKept(['a.js', 'nat.js'], false), /^Your edited versions of a\.js and nat\.js are shown\./);
});
