// The settings of a line: what is told to the server when the reader changes them, and the timeline that the reader writes.

import assert from 'node:assert/strict';
import test from 'node:test';
import { changes, PERFECT, QUANTITIES, stopOf } from '../../../book/stage/line/line-settings.js';
import { timelineIn } from '../../../book/stage/line/line-timeline.js';

const settings = (out, back = out) => ({
  seed: 1,
  a_to_b: { ...PERFECT, ...out },
  b_to_a: { ...PERFECT, ...back },
  timeline: [],
});
const quantity = (wanted) => QUANTITIES.find(({ name }) => name === wanted);

test('only what is different is told, and both ways at once if it is the same', () => {
  assert.deepEqual(changes(settings({}), settings({})), []);
  assert.deepEqual(changes(settings({}), settings({ loss: 5 })), [{ way: 'both', set: { loss: 5 } }]);
  assert.deepEqual(changes(settings({ loss: 5 }), settings({ loss: 5 }, { loss: 5, cut: true })), [
    { way: 'b-to-a', set: { cut: true } },
  ]);
  assert.deepEqual(changes(settings({}), settings({ rate: 768 }, { rate: 1_600 })), [
    { way: 'a-to-b', set: { rate: 768 } },
    { way: 'b-to-a', set: { rate: 1_600 } },
  ]);
});

test('each stop of a slider is where it stands for its own value', () => {
  for (const one of QUANTITIES)
    one.stops.forEach((value, i) => assert.equal(stopOf(one, value), i, `${one.name} ${value}`));
});

test('a value between two stops stands at the nearest, and no limit of the rate at its end', () => {
  assert.equal(quantity('delay').stops[stopOf(quantity('delay'), 160)], 150);
  assert.equal(quantity('rate').stops[stopOf(quantity('rate'), 1)], 56);
  assert.equal(quantity('rate').stops[stopOf(quantity('rate'), 900_000)], 100_000);
  assert.equal(stopOf(quantity('rate'), 0), quantity('rate').stops.length - 1);
});

test('values have their units', () => {
  const words = (name, value) => quantity(name).words(value);
  assert.equal(words('loss', 0.5), '0.5 %');
  assert.equal(words('delay', 1_000), '1,000 ms');
  assert.equal(words('rate', 0), 'no limit');
  assert.equal(words('rate', 768), '768 kbit/s');
  assert.equal(words('rate', 1_600), '1.6 Mbit/s');
  assert.equal(words('queue', 65_536), '64 KiB');
});

test('a timeline is read in the order of its times', () => {
  assert.deepEqual(timelineIn('mend at 5 s, cut at 2 s'), {
    mistake: '',
    steps: [
      { at: 2, way: 'both', set: { cut: true } },
      { at: 5, way: 'both', set: { cut: false } },
    ],
  });
  assert.deepEqual(
    timelineIn('Out loss 20 % at 1.5s; in delay 300ms at 3; rate 2 Mbit/s at 4 s\nrate 0 at 5 s').steps,
    [
      { at: 1.5, way: 'a-to-b', set: { loss: 20 } },
      { at: 3, way: 'b-to-a', set: { delay: 300 } },
      { at: 4, way: 'both', set: { rate: 2_000 } },
      { at: 5, way: 'both', set: { rate: 0 } },
    ],
  );
  assert.deepEqual(timelineIn('  '), { steps: [], mistake: '' });
});

test('what is not understood is named, with an example', () => {
  for (const part of [
    'cut',
    'cut at noon',
    'loss at 2 s',
    'loss 5 ms at 2 s',
    'constructor 5 at 2 s',
    'explode at 2 s',
  ]) {
    const { steps, mistake } = timelineIn(`cut at 1 s, ${part}`);
    assert.deepEqual(steps, []);
    assert.ok(mistake.startsWith(`“${part}” is not understood. Write, for example, `), mistake);
  }
});
