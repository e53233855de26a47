// The sentence that sums a run up.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import { summaryOf } from '../../../book/stage/instruments/model/summary.js';

const summary = (events, stats = new Map()) => summaryOf(modelOf(eventsOf(events.flat(Infinity))), stats);
const state = (at, on, value) => ({ at, type: 'state', on, name: 'connection', value });
const found = (at, on, type) => ({ at, type: 'candidate', on, text: `candidate:1 1 udp 1 192.0.2.1 9 typ ${type}` });
const added = (at, on, type, call) => [
  { at, type: 'call', on, name: 'addIceCandidate', text: `candidate:2 1 udp 1 192.0.2.2 9 typ ${type}`, call },
  { at: at + 1, type: 'done', on, name: 'addIceCandidate', call },
];
const connected = (n, from, to, type = 'host') => [
  { at: from, type: 'new', on: `pc${n}` },
  found(from + 1, `pc${n}`, type),
  added(from + 2, `pc${n}`, type, 100 + n),
  state(to, `pc${n}`, 'connected'),
];

test('a run of one connection, or of its two ends, says how fast it was connected, and how', () => {
  assert.equal(summary([]), '');
  assert.equal(summary(connected(1, 8, 46)), 'Connected in 38 ms: host to host.');
  assert.equal(summary([connected(1, 8, 44), connected(2, 11, 46)]), 'Connected in 38 ms: host to host.');
  assert.equal(summary(connected(1, 0, 2_400)), 'Connected in 2.4 s: host to host.');
});

test('which pair was chosen of several is said only if the browser has told it', () => {
  const events = [connected(1, 0, 40), found(3, 'pc1', 'relay')];
  assert.equal(summary(events), 'Connected in 40 ms.');
  const reports = [
    { type: 'transport', id: 't', selectedCandidatePairId: 'p' },
    { type: 'candidate-pair', id: 'p', localCandidateId: 'l', remoteCandidateId: 'r' },
    { type: 'local-candidate', id: 'l', candidateType: 'relay' },
    { type: 'remote-candidate', id: 'r', candidateType: 'prflx' },
  ];
  assert.equal(summary(events, new Map([['pc1', reports]])), 'Connected in 40 ms: relay to prflx.');
});

test('a candidate that was signaled after its first check has the type that it was signaled with', () => {
  const ends = [connected(1, 8, 44), connected(2, 11, 46)];
  const reports = (type, port) => [
    { type: 'candidate-pair', id: 'p', selected: true, localCandidateId: 'l', remoteCandidateId: 'r' },
    { type: 'local-candidate', id: 'l', candidateType: 'host', port: 9 },
    { type: 'remote-candidate', id: 'r', candidateType: type, port },
  ];
  const told = (port) =>
    new Map([
      ['pc1', reports('host', 9)],
      ['pc2', reports('prflx', port)],
    ]);
  assert.equal(summary(ends, told(9)), 'Connected in 38 ms: host to host.');
  assert.equal(summary(ends, told(10)), 'Connected in 38 ms.');
});

test('of many connections those that are connected are counted', () => {
  const events = [connected(1, 0, 40), connected(2, 5, 30), connected(3, 9, 109), { at: 200, type: 'new', on: 'pc4' }];
  assert.equal(summary(events), '3 of 4 connections are connected, in 25 ms to 100 ms: host to host.');
});

test('what is not connected says why, as far as that is known', () => {
  assert.equal(
    summary([{ at: 0, type: 'new', on: 'pc1' }]),
    'Not connected. No description has taken effect, so nothing is gathered.',
  );
  const over = [connected(1, 0, 40), state(5_000, 'pc1', 'disconnected')];
  assert.equal(summary(over), 'It was connected in 40 ms, and is disconnected now.');
  assert.equal(
    summary([connected(1, 0, 40), state(5_000, 'pc1', 'failed')]),
    'Connection 1: it was connected, and failed.',
  );
  assert.equal(
    summary([{ at: 0, type: 'new', on: 'pc1' }, state(5_000, 'pc1', 'failed')]),
    'Connection 1: failed. No description has taken effect, so nothing is gathered.',
  );
});
