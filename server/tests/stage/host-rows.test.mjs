// @ts-check
// What the host's page makes of a view of the server: who is first, what each row says, and the room in numbers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attendeeRows } from '../../../book/stage/host/attendee-rows.js';
import { clockOf, lasted } from '../../../book/stage/durations.js';
import { countsOf, figuresOf, noTlsWords, summaryOf } from '../../../book/stage/host/host-summary.js';
import { toldIn } from '../../../book/stage/host/host-view.js';
import { pairRows } from '../../../book/stage/host/pair-rows.js';
import { createPresence, GRACE } from '../../../book/stage/host/presence-grace.js';

/** @typedef {import('../../../book/stage/host/host-view.js').View} View */

/** An attendee who is here, in a pair, and runs something. @param {string} name @param {Record<string, unknown>} [change] */
const attendee = (name, change) => ({
  id: `id-${name}`,
  name,
  here: true,
  since: 60_000,
  page: 'connecting/index.html',
  title: 'Creating Connections',
  demo: 'createoffer.js',
  running: true,
  error: null,
  way: 'direct',
  solved: [],
  hand: false,
  handFor: null,
  waiting: false,
  pair: 'amber-otter',
  shares: true,
  ...change,
});

const OTTER = { name: 'amber-otter', locked: false, members: ['id-Ash', 'id-Beech'], size: 2 };

/** What the page makes of a message. @param {unknown[]} attendees @param {unknown[]} [pairs] @param {Record<string, unknown>} [more] @returns {View} */
function viewOf(attendees, pairs = [OTTER], more = {}) {
  const told = toldIn(JSON.stringify({ type: 'view', attendees, pairs, noTls: 0, timer: null, ...more }));
  assert.ok(told?.type === 'view');
  return told.view;
}

/** @param {View} view @param {Partial<Parameters<typeof attendeeRows>[1]>} [how] */
const namesIn = (view, how) => attendeeRows(view, { filter: 'all', ...how }).map(({ name }) => name);

const CROWD = viewOf(
  [
    attendee('Gone', { here: false, hand: true, handFor: 900_000 }),
    attendee('Fine 10'),
    attendee('Fine 9'),
    attendee('Still', { running: false, way: null }),
    attendee('Waiting', { waiting: true, pair: null }),
    attendee('Alone', { pair: 'blue-fox' }),
    attendee('Secret', { shares: false, running: false }),
    attendee('Broken', { error: 'ReferenceError: x is not defined\n    at createoffer.js:3' }),
    attendee('Just now', { hand: true, handFor: 1_000 }),
    attendee('Long ago', { hand: true, handFor: 500_000 }),
  ],
  [OTTER, { name: 'blue-fox', locked: false, members: ['id-Alone'], size: 2 }],
);

test('raised hands are first and the longest before others, then errors, then those without a pair, then what does not run', () => {
  assert.deepEqual(namesIn(CROWD), [
    'Long ago',
    'Just now',
    'Broken',
    'Alone',
    'Waiting',
    'Still',
    'Fine 9',
    'Fine 10',
    'Secret',
    'Gone',
  ]);
});

test('a filter leaves what it says, and the row that is kept', () => {
  assert.deepEqual(namesIn(CROWD, { filter: 'help' }), ['Long ago', 'Just now', 'Broken']);
  assert.deepEqual(namesIn(CROWD, { filter: 'alone' }), ['Alone', 'Waiting']);
  assert.deepEqual(namesIn(CROWD, { filter: 'unshared' }), ['Secret']);
  assert.deepEqual(namesIn(CROWD, { filter: 'help', kept: 'id-Still' }), ['Long ago', 'Just now', 'Broken', 'Still']);
});

/** @param {string} name @param {Record<string, unknown>} [change] @param {number} [since] */
function rowOf(name, change, since = 0) {
  const view = viewOf([attendee('Ash'), attendee('Beech'), attendee(name, change)]);
  const row = attendeeRows(view, { filter: 'all', since }).find((one) => one.name === name);
  assert.ok(row);
  return row;
}

test('a row says where somebody is, whether it runs, how it is connected, and with whom', () => {
  const [ash] = attendeeRows(viewOf([attendee('Ash', { solved: ['Repair'] }), attendee('Beech')]), { filter: 'all' });
  assert.equal(ash.place, 'Creating Connections › createoffer.js');
  assert.equal(ash.state, 'running');
  assert.equal(ash.way, 'connected directly');
  assert.equal(ash.pair, 'amber-otter, with Beech');
  assert.deepEqual(ash.solved, ['Repair']);
  assert.ok(ash.isPaired);
  assert.equal(rowOf('Cedar', { way: 'relay' }).way, 'connected through the relay');
  assert.equal(rowOf('Cedar', { running: false, way: null }).way, '');
  assert.equal(rowOf('Cedar', { pair: null }).pair, 'without a pair');
  assert.equal(rowOf('Cedar', { pair: null, waiting: true }).pair, 'waits for a pair');
  assert.equal(rowOf('Cedar', { page: null, title: null, demo: null }).place, 'no page yet');
  assert.equal(rowOf('Cedar', { here: false }).state, 'not here');
});

test('a hand has its time, which goes on between two views', () => {
  assert.equal(rowOf('Cedar', { hand: true, handFor: 230_000 }, 10_000).hand, 'hand raised, 4 min');
  assert.equal(rowOf('Cedar').hand, '');
});

test('of an error its first line is shown', () => {
  const error = '\n ReferenceError: x is not defined\n    at createoffer.js:3';
  assert.equal(rowOf('Cedar', { error }).error, 'ReferenceError: x is not defined');
});

test('of those who do not share nothing is shown but name, pair and hand, whatever a server says', () => {
  const row = rowOf('Cedar', { shares: false, error: 'an error', solved: ['Repair'], hand: true, handFor: 0 });
  assert.deepEqual(
    [row.place, row.state, row.way, row.error, row.solved, row.hand],
    ['does not share', '', '', '', [], 'hand raised, under 1 min'],
  );
});

test('hidden characters are shown, long texts are cut, and each id is there once', () => {
  const view = viewOf([
    attendee('Ash', { name: 'A\u202eb', title: 'x'.repeat(1_000) }),
    attendee('Ash', { name: 'again' }),
    attendee('', { id: '' }),
    null,
    7,
  ]);
  assert.equal(view.attendees.length, 1);
  assert.equal(view.attendees[0].name, 'A[U+202E]b');
  assert.equal(view.attendees[0].title.length, 301);
});

test('what is no message of the server is nothing', () => {
  for (const data of [
    '',
    'nonsense',
    '7',
    'null',
    '{}',
    '{"type":"view"}',
    '{"type":"other","attendees":[],"pairs":[]}',
  ])
    assert.equal(toldIn(data), undefined, data);
  assert.deepEqual(toldIn('{"type":"refused","code":"x","words":"No."}'), { type: 'refused', words: 'No.' });
});

test('a view of two hundred is sorted and whole', () => {
  const many = Array.from({ length: 200 }, (_, at) =>
    attendee(`Alder ${at}`, { hand: at % 7 === 0, handFor: at * 1_000 }),
  );
  const rows = attendeeRows(viewOf(many), { filter: 'all' });
  assert.equal(rows.length, 200);
  assert.equal(rows[0].name, 'Alder 196');
});

test('a pair says who is in it, and how it is connected', () => {
  const rowWith = (/** @type {object} */ ash, /** @type {object} */ beech) =>
    pairRows(viewOf([attendee('Ash', { ...ash }), attendee('Beech', { ...beech })]))[0];
  assert.deepEqual(rowWith({}, {}), {
    id: 'amber-otter',
    name: 'amber-otter',
    members: 'Ash, Beech',
    state: 'connected directly',
    locked: false,
  });
  assert.equal(rowWith({ way: null }, { way: 'relay' }).state, 'connected through the relay');
  assert.equal(rowWith({ way: null }, { way: null }).state, 'not connected');
  assert.equal(rowWith({ shares: false }, { shares: false }).state, 'not shared');
  assert.equal(rowWith({ here: false }, { here: false }).state, 'nobody here');
  assert.equal(rowWith({ here: false }, {}).members, 'Ash (not here), Beech');
});

test('of three each has to be connected, and a lock is said', () => {
  const three = { ...OTTER, locked: true, members: ['id-Ash', 'id-Beech', 'id-Cedar'], size: 3 };
  const stateWith = (/** @type {string | null} */ way) =>
    pairRows(viewOf([attendee('Ash'), attendee('Beech'), attendee('Cedar', { way })], [three]))[0].state;
  assert.equal(stateWith('direct'), 'connected directly, locked');
  assert.equal(stateWith(null), 'connected in part, directly, locked');
  const [alone] = pairRows(viewOf([attendee('Ash')], [{ ...OTTER, members: ['id-Ash'] }]));
  assert.equal(alone.state, 'one alone');
});

test('the summary counts those who are here, and says nothing of none', () => {
  assert.equal(summaryOf(countsOf(CROWD)), '9 here, 2 hands raised, 1 with an error, 2 without a pair.');
  const pair = viewOf([attendee('Ash'), attendee('Beech', { hand: true, handFor: 1 })]);
  assert.equal(summaryOf(countsOf(pair)), '2 here, 1 hand raised.');
  assert.equal(summaryOf(countsOf(viewOf([], []))), 'Nobody is here yet.');
});

test('the figures for the projector are numbers and words of the book', () => {
  const view = viewOf([attendee('Ash', { solved: ['Repair', 'Mend'] }), attendee('Beech', { way: null })]);
  assert.deepEqual(figuresOf(countsOf(view)), [
    [2, 'here'],
    [1, 'pair'],
    [1, 'connected'],
    [2, 'exercises solved'],
    [0, 'hands raised'],
  ]);
});

test('connections that asked for TLS have a sentence to say', () => {
  assert.equal(noTlsWords(0), '');
  assert.match(noTlsWords(1), /^1 connection was .* Say: “Type/);
  assert.match(noTlsWords(3), /^3 connections were /);
});

test('times are minutes, and a clock is zero only when it is over', () => {
  assert.deepEqual([0, 59_999, 60_000, 4 * 60_000, 3_600_000, 3_900_000].map(lasted), [
    'under 1 min',
    'under 1 min',
    '1 min',
    '4 min',
    '1 h',
    '1 h 5 min',
  ]);
  assert.deepEqual([300_000, 299_001, 1, 0, -5, 3_600_000, 3_723_000].map(clockOf), [
    '5:00',
    '5:00',
    '0:01',
    '0:00',
    '0:00',
    '1:00:00',
    '1:02:03',
  ]);
});

test('somebody who turns a page stays where they are, and is gone when that takes too long', () => {
  const presence = createPresence();
  const [here, gone] = [true, false].map((is) => viewOf([attendee('Ash', { here: is })]));
  const isHere = (/** @type {View} */ view, /** @type {number} */ now) => presence.smooth(view, now).attendees[0].here;
  presence.see(here, 0);
  assert.ok(isHere(here, 60_000), 'no other view has come');
  presence.see(gone, 60_000);
  assert.ok(isHere(gone, 60_000 + GRACE - 1));
  assert.ok(!isHere(gone, 60_000 + GRACE));
  presence.see(gone, 60_000 + GRACE - 1);
  assert.ok(!isHere(gone, 60_000 + GRACE), 'another view does not begin it anew');
  presence.see(here, 70_000);
  assert.ok(isHere(here, 70_000));
});

test('whoever was not here in the first view is not', () => {
  const presence = createPresence();
  const gone = viewOf([attendee('Ash', { here: false })]);
  presence.see(gone, 0);
  assert.ok(!presence.smooth(gone, 0).attendees[0].here);
});

test('what a device can do is said beside its attendee: a sign, and what does not work', () => {
  const checks = [
    { name: 'WebSocket', outcome: 'works', words: '' },
    { name: 'Camera and microphone', outcome: 'untried', words: '' },
  ];
  const failing = [...checks, { name: 'The clock', outcome: 'fails', words: 'It is wrong\u202E by 2 h.' }];
  const rows = attendeeRows(
    viewOf([
      attendee('Ash', { checked: checks }),
      attendee('Beech', { checked: failing }),
      attendee('Elm', { checked: failing, shares: false }),
      attendee('Oak', { checked: 'nonsense' }),
    ]),
    { filter: 'all' },
  );
  const check = Object.fromEntries(rows.map((row) => [row.name, row.check]));
  assert.equal(check.Ash, '✓ Device checked: all that was tried works.');
  assert.match(check.Beech, /^✗ Device checked\. Does not work: The clock: It is wrong.* by 2 h\.$/);
  assert.ok(!check.Beech.includes('\u202E'));
  assert.equal(check.Elm, '');
  assert.equal(check.Oak, '');
  const many = Array.from({ length: 50 }, () => ({ name: 'x'.repeat(1_000), outcome: 'on fire', words: {} }));
  const [{ checked }] = viewOf([attendee('Ash', { checked: many })]).attendees;
  assert.equal(checked.length, 16);
  assert.deepEqual([checked[0].outcome, checked[0].words, checked[0].name.length], ['untried', '', 301]);
});
