// The demo that the host shows: what is sent of it, and what an attendee's page makes of what it is told.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createMirror, INTERVAL } from '../../../book/stage/host/shown-lines.js';
import { heard, UNKNOWN } from '../../../book/stage/workshop/attendance.js';
import { isSameShown, shownAfter } from '../../../book/stage/workshop/shown.js';
import { createShownDemo } from '../../../book/stage/workshop/shown-view.js';

const DEMO = { page: 'connecting/index.html', name: 'createoffer.js' };
const SHOWN = { type: 'shown', number: 7, page: DEMO.page, demo: DEMO.name };

/** A mirror of a demo with this text, what it has sent, and a way to let time pass. */
function mirrorOf(text) {
  const sent = [];
  const due = [];
  const shown = { text };
  const mirror = createMirror({
    send: (message) => sent.push(message),
    text: () => shown.text,
    demo: DEMO,
    later: (act, after) => {
      assert.equal(after, INTERVAL);
      due.push(act);
    },
  });
  mirror.begin();
  return { mirror, sent: () => sent.splice(0), pass: () => due.splice(0).map((act) => act()).length, shown };
}

const line = (text) => ({ level: 'log', text });

test('the text is sent at once, and again only when it is another', () => {
  const { mirror, sent, pass, shown } = mirrorOf('one');
  assert.deepEqual(sent(), [{ type: 'demo', ...DEMO, text: 'one' }]);
  mirror.edited();
  pass();
  assert.deepEqual(sent(), []);
  shown.text = 'two';
  mirror.edited();
  mirror.edited();
  assert.equal(pass(), 1, 'what comes within the interval is sent together');
  assert.deepEqual(sent(), [{ type: 'demo', ...DEMO, text: 'two' }]);
  mirror.edited();
  mirror.end();
  shown.text = 'three';
  pass();
  assert.deepEqual(sent(), []);
});

test('of a file that the demo has made, its name is shown', () => {
  const { mirror, sent, pass } = mirrorOf('one');
  sent();
  mirror.add([{ ...line('A file to save:'), file: { name: 'run.webm', size: 3, blob: undefined } }]);
  pass();
  assert.deepEqual(sent(), [{ type: 'lines', cleared: false, lines: [line('A file to save: run.webm')] }]);
});

test('lines are sent together, those before a clear are not, and of a flood the newest are', () => {
  const { mirror, sent, pass } = mirrorOf('one');
  sent();
  mirror.add([{ ...line('before'), at: 3, isUncaught: true }]);
  mirror.clear();
  mirror.add([line('a')]);
  mirror.add([{ level: 'error', text: 'b' }]);
  pass();
  assert.deepEqual(sent(), [{ type: 'lines', cleared: true, lines: [line('a'), { level: 'error', text: 'b' }] }]);
  mirror.add(Array.from({ length: 500 }, (_, i) => line(String(i))));
  pass();
  const [{ cleared, lines }] = sent();
  assert.deepEqual([cleared, lines.length, lines.at(-1).text], [false, 200, '499']);
  mirror.add(Array.from({ length: 150 }, () => line('x'.repeat(9_000))));
  pass();
  const [long] = sent();
  assert.equal(long.lines.length, 60);
  assert.equal(long.lines[0].text.length, 500);
});

test('a text that is too long is cut at the end of a line', () => {
  const [{ text }] = mirrorOf(`${'木'.repeat(99)}\n`.repeat(300)).sent();
  assert.ok(new TextEncoder().encode(text).length <= 64 * 1024);
  assert.ok(text.endsWith('木\n'));
});

test('a page puts together what it is told, and what ends is gone', () => {
  const told = [
    SHOWN,
    { type: 'shown-text', text: 'const a = 1;' },
    { type: 'shown-lines', cleared: true, lines: [line('a')] },
    { type: 'shown-lines', cleared: false, lines: [{ level: 'warn', text: 'b' }] },
  ];
  const shown = told.reduce(shownAfter, undefined);
  assert.equal(shown.text, 'const a = 1;');
  assert.deepEqual(
    shown.lines.map(({ number, level, text }) => [number, level, text]),
    [
      [1, 'log', 'a'],
      [2, 'warn', 'b'],
    ],
  );
  const cleared = shownAfter(shown, { type: 'shown-lines', cleared: true, lines: [line('c')] });
  assert.deepEqual(cleared.lines, [{ number: 3, level: 'log', text: 'c' }]);
  assert.ok(isSameShown(shown, cleared));
  assert.equal(shownAfter(shown, { type: 'shown', number: null, page: null, demo: null }), undefined);
  assert.equal(shownAfter(undefined, told[1]), undefined);
  assert.ok(!isSameShown(shown, shownAfter(undefined, { ...SHOWN, number: 8 })));
});

test('what is shown is bounded text in which nothing is hidden, and nothing of an earlier connection', () => {
  const shown = [
    { ...SHOWN, demo: 'a\u202Eb.js' },
    { type: 'shown-text', text: `\u202E\n${'x'.repeat(100_000)}` },
    { type: 'shown-lines', cleared: 'yes', lines: Array.from({ length: 999 }, () => ({ level: 'fatal', text: {} })) },
  ].reduce(shownAfter, undefined);
  assert.equal(shown.demo, 'a[U+202E]b.js');
  assert.ok(shown.text.startsWith('[U+202E]\nx'));
  assert.ok(shown.text.length < 71_000);
  assert.equal(shown.lines.length, 200);
  assert.deepEqual([shown.lines[0].level, shown.lines[0].text], ['log', '']);
  for (const nonsense of [{ number: 'x' }, { demo: '' }, { demo: 7 }])
    assert.equal(shownAfter(undefined, { ...SHOWN, ...nonsense }), undefined);
  const you = { type: 'you', id: 'a7', name: 'Birch', ticket: 'aa.bb', pair: null };
  const state = heard(heard(UNKNOWN, you, 0), SHOWN, 0);
  assert.equal(heard(state, you, 0).shown.demo, 'createoffer.js');
  assert.equal(heard({ ...state, isConnected: false }, you, 0).shown, undefined);
});

test('a reader who does not want to look is not asked again after another connection, but of another demo', () => {
  globalThis.document = { getElementById: () => ({ closest: () => null }) };
  const asked = [];
  const shownDemo = createShownDemo({
    notices: { show: (_about, sentence, answers) => asked.push({ sentence, answers }), remove: () => {} },
    isHere: () => true,
    watch: () => assert.fail('nobody looks'),
  });
  const shown = shownAfter(undefined, SHOWN);
  shownDemo.update(shown);
  shownDemo.update(undefined);
  shownDemo.update({ ...shown });
  assert.equal(asked.length, 2, 'nothing was answered');
  const [, [word, decline]] = asked[1].answers;
  assert.equal(word, 'Not now');
  decline();
  shownDemo.update(undefined);
  shownDemo.update({ ...shown });
  assert.equal(asked.length, 2);
  shownDemo.update(shownAfter(undefined, { ...SHOWN, demo: 'other.js' }));
  assert.equal(asked.length, 3);
  delete globalThis.document;
});
