// @ts-check
// The rooms of a pair in the text of a demo, and links into a pair.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { patched } from '../../../book/stage/patch.js';
import { createPairsInDemos, sentenceOf } from '../../../book/stage/workshop/pair-in-demos.js';
import { pairLinkIn } from '../../../book/stage/workshop/pair-link.js';
import { isPair, pairTyped, roomsIn, withoutPair, withPair } from '../../../book/stage/workshop/pair-room.js';

const PAIR = 'amber-otter';
const CODE = new URL('../../../code/connecting/', import.meta.url);
const intro = await readFile(new URL('quickconnect-intro.js', CODE), 'utf8');

test('the room that the demo names becomes the pair’s, and the text is the book’s again without the pair', () => {
  const paired = withPair(intro, PAIR);
  assert.ok(paired.includes("{ room: 'amber-otter/quickconnect-intro' }"), paired);
  assert.equal(paired.length, intro.length + 'amber-otter/'.length, 'nothing else has changed');
  assert.equal(withoutPair(paired, PAIR), intro);
});

test('an edit of a card is applied to the book’s text, and is in the pair as well', async () => {
  const diff = await readFile(new URL('quickconnect-intro-room.diff', CODE), 'utf8');
  const edited = patched(intro, diff)?.code ?? '';
  assert.deepEqual(roomsIn(withPair(edited, PAIR)), ['amber-otter/another-room']);
  assert.equal(withoutPair(withPair(edited, PAIR), PAIR), edited);
});

test('every way in which a text names a room by a string is found', () => {
  for (const [code, paired] of [
    [`{ room: 'a' }`, `{ room: 'amber-otter/a' }`],
    [`{ room: "a" }`, `{ room: "amber-otter/a" }`],
    ['{room:`a`}', '{room:`amber-otter/a`}'],
    [`{ "room": "a" }`, `{ "room": "amber-otter/a" }`],
    [`{ 'room' :\n  'a' }`, `{ 'room' :\n  'amber-otter/a' }`],
    [`const room = 'a';`, `const room = 'amber-otter/a';`],
    [`options.room='a'`, `options.room='amber-otter/a'`],
    [`join({ room: '' })`, `join({ room: 'amber-otter/' })`],
    [`a({ room: 'x' }); b({ room: 'y' });`, `a({ room: 'amber-otter/x' }); b({ room: 'amber-otter/y' });`],
    [`room: 'it\\'s'`, `room: 'amber-otter/it\\'s'`],
  ]) {
    assert.equal(withPair(code, PAIR), paired);
    assert.equal(withoutPair(paired, PAIR), code);
  }
});

test('what names no room stays', () => {
  for (const code of [
    '',
    `chatroom: 'a'`,
    `$room = 'a'`,
    `room === 'a'`,
    `room: name`,
    `// room: 'a'`,
    `/* room: 'a' */`,
    `/* room: 'a'`,
    `"say room: 'a'"`,
    `'room: "a"'`,
    "`room: 'a'`",
    `room: 'a`,
    'room: `a',
    `location.hash`,
  ]) {
    assert.equal(withPair(code, PAIR), code);
    assert.equal(withoutPair(code, PAIR), code);
    assert.deepEqual(roomsIn(code), []);
  }
});

test('a room that is in the pair already stays, and another pair’s is a room like any other', () => {
  const paired = `{ room: 'amber-otter/a' }`;
  assert.equal(withPair(paired, PAIR), paired);
  assert.equal(withoutPair(`{ room: 'blue-heron/a' }`, PAIR), `{ room: 'blue-heron/a' }`);
  assert.equal(withPair(`{ room: 'blue-heron/a' }`, PAIR), `{ room: 'amber-otter/blue-heron/a' }`);
});

test('texts of odd quotation marks, comments and escapes come back as they were', () => {
  const pieces = ["'", '"', '`', '\\', '//', '/*', '*/', '\n', 'room', ': ', ' = ', 'a', '${', '}', ' ', '/', '$'];
  let seed = 1;
  const next = () => (seed = (seed * 48_271) % 2_147_483_647);
  for (let round = 0; round < 20_000; round += 1) {
    const code = Array.from({ length: next() % 24 }, () => pieces[next() % pieces.length]).join('');
    assert.equal(withoutPair(withPair(code, PAIR), PAIR), code, JSON.stringify(code));
    assert.equal(withPair(withPair(code, PAIR), PAIR), withPair(code, PAIR), JSON.stringify(code));
  }
});

test('a long text of what is never closed takes no time', () => {
  const since = performance.now();
  for (const piece of ['/*', '`\\`', "'\\'", '"\\"', 'room', 'room ', "room:'"]) withPair(piece.repeat(50_000), PAIR);
  withPair(`room${' '.repeat(100_000)}`, PAIR);
  assert.ok(performance.now() - since < 5_000);
});

test('nothing but two words of lower case gets into a text', () => {
  for (const name of [
    '',
    'amber',
    'amber-',
    'Amber-otter',
    "a'-b",
    'amber-otter/',
    'amber-otter-x',
    'a-b',
    'ämber-otter',
  ]) {
    assert.equal(isPair(name), false, name);
    assert.throws(() => withPair('', name), TypeError);
  }
  assert.equal(isPair(undefined), false);
  assert.equal(isPair(`${'a'.repeat(21)}-otter`), false);
});

test('words are taken as people type them', () => {
  for (const typed of ['amber-otter', ' Amber Otter ', 'AMBER_OTTER', 'amber - otter'])
    assert.equal(pairTyped(typed), PAIR);
  for (const typed of ['', 'amber', 'amber otter too', '<b>-otter']) assert.equal(pairTyped(typed), undefined);
});

test('a link names a pair behind a demo or alone, and the fragment is left without it', () => {
  assert.deepEqual(pairLinkIn('#demo-a.js~amber-otter'), { pair: PAIR, fragment: '#demo-a.js' });
  assert.deepEqual(pairLinkIn('#~amber-otter'), { pair: PAIR, fragment: '' });
  assert.deepEqual(pairLinkIn('#a~b~amber-otter'), { pair: PAIR, fragment: '#a~b' });
  for (const fragment of [
    '',
    '#',
    '#demo-a.js',
    '#~',
    '#demo-a.js~',
    '#~Amber-Otter',
    '#~amber-otter?x',
    '~amber-otter',
  ])
    assert.equal(pairLinkIn(fragment), undefined, fragment);
});

test('of the demos of the book that others can meet, each names its room by a string', async () => {
  const book = new URL('../../../book/', import.meta.url);
  const pages = (await readdir(book, { recursive: true })).filter((name) => name.endsWith('.md'));
  const found = [];
  for (const page of pages) {
    const text = await readFile(new URL(page, book), 'utf8');
    for (const [, info, include] of text.matchAll(/^```(\S*,live\S*)[^\n]*\n\{\{#include ([^}]*)\}\}/gm)) {
      if (info.includes('alone')) continue;
      const code = await readFile(new URL(include, new URL(page, book)), 'utf8');
      if (!code.includes('rtc-quickconnect')) continue;
      found.push(include);
      assert.ok(roomsIn(code).length > 0, `${include} names no room`);
    }
  }
  assert.ok(found.length > 0);
});

test('a demo that runs is said to be out of the room of a pair that is left, which the server closes to it', () => {
  const demo = (/** @type {boolean} */ isRunning) => ({ recording: { isRunning }, shownCode: intro });
  const out = 'What runs in the room of amber-otter is out of it.';
  assert.ok(sentenceOf(demo(true), undefined, PAIR).endsWith(`from the next run on. ${out}`));
  assert.ok(sentenceOf(demo(true), 'brave-lynx', PAIR).endsWith(`from the next run on. ${out}`));
  assert.match(sentenceOf(demo(true), PAIR, undefined), /what runs stays where it is/);
  for (const pair of [undefined, 'brave-lynx']) assert.ok(!sentenceOf(demo(false), pair, PAIR).includes('out of it'));
});

test('of all demos of a page that get a pair, screen readers hear one sentence', () => {
  Object.assign(globalThis, {
    document: {
      getElementById: () => null,
      createElement: () => ({ setAttribute() {}, append() {}, addEventListener() {}, remove() {} }),
    },
  });
  /** @type {[string, boolean][]} */
  const noted = [];
  const demo = (/** @type {string} */ shownCode, isRunning = false) => ({
    canMeet: true,
    element: { id: 'demo-a' },
    shownCode,
    recording: { isRunning },
    onedit() {},
    enterPair() {},
    note: (/** @type {string} */ sentence, isQuiet = false) => noted.push([sentence, isQuiet]),
  });
  const enter = (/** @type {any[]} */ demos, isNews = true) =>
    createPairsInDemos(demos, '').enter({ pair: PAIR, company: '', ticket: '', isNews });
  const one = 'The room is now your pair’s.';
  assert.equal(enter([demo(intro), demo(intro), demo(intro)]), one);
  assert.deepEqual(noted, [
    [one, true],
    [one, true],
    [one, true],
  ]);
  const two = enter([demo(intro), demo(intro, true)]);
  assert.ok(two.includes(one) && two.includes('what runs stays where it is'), two);
  assert.equal(enter([demo(intro)], false), '');
});
