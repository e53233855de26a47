// Which rows of a ladder are shown: chips choose, and what repeats itself is folded into one row that opens.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { filtered, folded } from '../../../book/stage/instruments/model/folding.js';
import { rowsOf } from '../../../book/stage/instruments/model/rows.js';

const closed = () => false;
const opening = (key) => (other) => other === key;
const labels = (rows) => rows.map(({ label }) => label);
const message = (at, on, side, text) => ({ at, type: 'message', on, side, text, size: text.length });
const state = (at, on, value) => ({ at, type: 'state', on, name: 'ice', value });

/** A connection with a heartbeat and a chat. */
const CALL = [
  { at: 0, type: 'new', on: 'pc1' },
  { at: 1, type: 'new', on: 'ch1', of: 'pc1', side: 'local', text: 'rtc-quickconnect' },
  { at: 1, type: 'new', on: 'ch2', of: 'pc1', side: 'local', text: 'chat' },
];
const beats = (count, from = 10) =>
  Array.from({ length: count }, (_, i) => [
    message(from + 2_500 * i, 'ch1', 'out', 'ping'),
    message(from + 2_500 * i + 1, 'ch1', 'in', 'pong'),
  ]).flat();
const rows = (...events) => rowsOf(eventsOf([...CALL, ...events.flat()])).rows;

test('heartbeats are counted with the time between them, and open', () => {
  const all = rows(beats(46));
  const shown = folded(all, closed);
  assert.deepEqual(labels(shown), ['new RTCPeerConnection()', '⋯ 46 heartbeats, 2.5 s apart']);
  const [, fold] = shown;
  assert.equal(fold.fold?.isOpen, false);
  const opened = folded(all, opening(fold.fold?.key));
  assert.equal(opened[1].label, '▾ 46 heartbeats, 2.5 s apart');
  assert.deepEqual(opened.slice(2), all.slice(1), 'its rows stand below it, as they were');
});

test('a fold keeps its key while more comes, so that an opened one stays open', () => {
  const key = (count) => folded(rows(beats(count)), closed)[1].fold?.key;
  assert.equal(key(10), key(400));
});

test('few rows are not folded, and messages of one channel are', () => {
  const chat = (count) => Array.from({ length: count }, (_, i) => message(100 + i, 'ch2', 'out', `message ${i}`));
  assert.equal(folded(rows(chat(3)), closed).length, 4);
  assert.deepEqual(labels(folded(rows(chat(5)), closed)).slice(1), ['⋯ 5 messages on “chat”, within 4 ms']);
  const both = folded(rows([...beats(3), ...chat(5)].sort((a, b) => a.at - b.at)), closed);
  assert.equal(both.filter(({ fold }) => fold).length, 2, 'each kind has a fold of its own');
});

test('what happens between repetitions stays in sight, and in order', () => {
  const shown = folded(rows(beats(3, 10), state(9_000, 'pc1', 'disconnected'), beats(3, 10_000)), closed);
  assert.deepEqual(labels(shown), [
    'new RTCPeerConnection()',
    '⋯ 3 heartbeats, 2.5 s apart',
    'ice: disconnected',
    '⋯ 3 heartbeats, 2.5 s apart',
  ]);
  assert.notEqual(shown[1].fold?.key, shown[3].fold?.key);
});

test('a storm of candidates is one row, and one that failed is not in it', () => {
  const candidate = (i) => `candidate:${i} 1 udp 1 192.0.2.${i} 9 typ host`;
  const found = Array.from({ length: 9 }, (_, i) => ({ at: 10 + i, type: 'candidate', on: 'pc1', text: candidate(i) }));
  const add = (at, call, type, more) => ({ at, type, on: 'pc1', name: 'addIceCandidate', call, line: 7, ...more });
  const added = Array.from({ length: 5 }, (_, i) => add(30 + i, i + 1, 'call', { text: candidate(i) }));
  const failed = [add(40, 9, 'call', { text: candidate(1) }), add(41, 9, 'failed', { value: 'OperationError' })];
  const shown = folded(rows(found, { at: 20, type: 'candidate', on: 'pc1' }, added, failed), closed);
  assert.deepEqual(labels(shown).slice(1, 4), [
    '⋯ 9 candidates found, within 8 ms',
    'found all candidates',
    '⋯ 5 candidates added, within 4 ms',
  ]);
  assert.match(shown[4].label, /^addIceCandidate.*✗ OperationError/);
  assert.deepEqual([...(shown[3].fold?.lines ?? [])], [7], 'it belongs to the line of its rows');
});

test('what was broken on purpose is never folded', () => {
  const lost = Array.from({ length: 6 }, (_, i) => ({ ...message(10 + i, 'ch2', 'in', 'x'), fault: 'freeze' }));
  assert.equal(folded(rows(lost), closed).length, 7);
});

test('chips keep a layer or a column, and the columns that are left', () => {
  const events = eventsOf([
    { at: 0, type: 'new', on: 'ws1', text: 'ws://x' },
    { at: 1, type: 'new', on: 'pc1' },
    { at: 2, type: 'new', on: 'pc2' },
    { at: 3, type: 'call', on: 'pc1', name: 'createOffer' },
    state(4, 'pc1', 'checking'),
    { at: 5, type: 'state', on: 'pc2', name: 'connection', value: 'connected' },
    { at: 6, type: 'new', on: 'ch1', of: 'pc2', side: 'remote', text: 'chat' },
  ]);
  const ladder = rowsOf(events);
  const said = (filter, column) => {
    const { columns, rows: kept } = filtered(ladder, filter, column);
    return [columns.map(({ id }) => id), labels(kept)];
  };
  assert.deepEqual(filtered(ladder, '', ''), ladder);
  assert.deepEqual(said('Signaling', ''), [
    ['code', 'pc1', 'server'],
    ['new WebSocket()', 'createOffer()'],
  ]);
  assert.deepEqual(said('ICE', ''), [
    ['pc1', 'pc2'],
    ['ice: checking', 'connection: connected'],
  ]);
  assert.deepEqual(said('Messages', ''), [['pc2'], ['got the channel “chat”']]);
  assert.deepEqual(said('', 'pc1')[0], ['pc1']);
  assert.deepEqual(said('Messages', 'pc1'), [['pc1'], []]);
});
