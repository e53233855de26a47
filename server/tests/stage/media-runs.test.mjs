// @ts-check
// One run of a page makes pictures or sounds: which of two goes on.

import assert from 'node:assert/strict';
import test from 'node:test';

import { beginMedia, endMedia } from '../../../book/stage/media-runs.js';

/** @type {string[]} */
const ended = [];
let runs = 0;

/** A run of a demo, as the stage has it: it is over when it was replaced. @param {string} name */
function run(name) {
  const started = {
    name,
    number: (runs += 1),
    onreplaced(/** @type {string} */ by) {
      ended.push(`${name}, for ${by}`);
      endMedia(started);
    },
  };
  return started;
}

/** What was ended since this was last asked. */
const ends = () => ended.splice(0);

test('a demo that shows something ends the one that did before', () => {
  const [first, second] = [run('first.js'), run('second.js')];
  beginMedia(first);
  assert.deepEqual(ends(), []);
  beginMedia(second);
  assert.deepEqual(ends(), ['first.js, for second.js']);
  endMedia(second);
});

test('of two, the one that was started first ends, also when it is the later one to show something', () => {
  const [slow, quick, last] = [run('slow.js'), run('quick.js'), run('last.js')];
  beginMedia(quick);
  beginMedia(slow);
  assert.deepEqual(ends(), ['slow.js, for quick.js']);
  beginMedia(last);
  assert.deepEqual(ends(), ['quick.js, for last.js'], 'the quick one had gone on');
  endMedia(last);
});

test('a run that has ended by itself, and one that shows nothing, are in nobody’s way', () => {
  const [over, silent, next] = [run('over.js'), run('silent.js'), run('next.js')];
  beginMedia(over);
  endMedia(over);
  endMedia(silent);
  beginMedia(next);
  assert.deepEqual(ends(), []);
  endMedia(silent);
  beginMedia(run('last.js'));
  assert.deepEqual(ends(), ['next.js, for last.js']);
});
