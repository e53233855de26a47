// Peers are called by names where the page speaks, and by ids in what is kept.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { remotePeersOf } from '../../../book/stage/instruments/model/remote-peers.js';
import { rowsOf } from '../../../book/stage/instruments/model/rows.js';
import { sharedRowsOf } from '../../../book/stage/instruments/timeline/shared-rows.js';
import { createPeerNames, NO_NAMES } from '../../../book/stage/peer-names.js';
import { heard, UNKNOWN } from '../../../book/stage/workshop/attendance.js';

const [MINE, THEIRS] = ['cmhjzhk6x0000356yh3f0abcd', 'cmhjzhk6x0001356yh3f0efgh'];
const message = (side, text) => ({ at: 1, type: 'message', on: 'ws1', side, text });
const announce = (id) => `/announce|${id}|{"id":"${id}","room":"amber-otter/chat"}`;
const OFFER = 'v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\n';
const EVENTS = eventsOf([
  message('out', announce(MINE)),
  message('in', announce(THEIRS)),
  message('in', `/to|${MINE}|/sdp|${THEIRS}|${JSON.stringify({ type: 'offer', sdp: OFFER })}`),
  { at: 2, type: 'new', on: 'pc1' },
  { at: 3, type: 'call', on: 'pc1', name: 'setRemoteDescription', value: 'offer', text: OFFER },
  { at: 4, type: 'new', on: 'ch1', of: 'pc1', side: 'remote', text: 'chat' },
  { at: 5, type: 'message', on: 'ch1', side: 'in', text: 'hello', size: 5 },
]);

/** The names of a run that has begun, in the pair of two. */
function namesOfRun() {
  const names = createPeerNames();
  names.set(
    new Map([
      [MINE, 'Birch'],
      [THEIRS, 'Alder'],
      ['id', 'Elm'],
    ]),
  );
  assert.equal(names.take(EVENTS), true);
  assert.equal(names.take(EVENTS), false, 'it is known already');
  return names;
}

test('what the run has announced itself as is the reader, and others have the names that the server says', () => {
  const names = namesOfRun();
  assert.equal(names.nameOf(MINE), 'You');
  assert.equal(names.nameOf(THEIRS), 'Alder');
  assert.equal(names.nameOf('somebody else'), '');
  names.start();
  assert.equal(names.nameOf(MINE), 'Birch', 'of another run, it is not this one');
  names.set(new Map());
  names.take(EVENTS);
  assert.equal(names.nameOf(MINE), '', 'outside of a pair nothing has changed');
});

test('ids are found in what a demo prints, and short ones are not looked for', () => {
  const names = namesOfRun();
  assert.deepEqual(names.in(`call:started ${THEIRS}, id`), [{ id: THEIRS, name: 'Alder' }]);
  assert.deepEqual(
    names.in(`{ from: '${THEIRS}', to: '${MINE}' }`).map(({ name }) => name),
    ['You', 'Alder'],
  );
  assert.deepEqual(names.in('connected'), []);
});

test('a connection is with the peer from whom its remote description came', () => {
  assert.deepEqual([...remotePeersOf(EVENTS)], [['pc1', THEIRS]]);
  const redacted = eventsOf([message('in', `/sdp|${THEIRS}|nonsense`), message('in', `/sdp|${THEIRS}`)]);
  assert.deepEqual([...remotePeersOf([...redacted, ...EVENTS.slice(3)])], []);
});

test('the ladder says names in its columns and its messages, with the id at hand', () => {
  const { columns, rows } = rowsOf(EVENTS, namesOfRun().nameOf);
  assert.deepEqual(
    columns.map(({ title, peer }) => [title, peer]),
    [
      ['Your code', undefined],
      ['Connection 1, with Alder', THEIRS],
      ['Server', undefined],
      ['Alder', THEIRS],
    ],
  );
  const labels = rows.map(({ label }) => label);
  assert.deepEqual(labels.slice(0, 3), ['announce by you', 'announce by Alder', 'sdp offer, to you']);
  assert.ok(!JSON.stringify(rowsOf(EVENTS)).includes('Alder'), 'without names, as it is saved, it has ids');
});

test('with events of the other side, its column has the name', () => {
  const side = { id: 'page', name: THEIRS, shift: 0, uncertainty: 1, isGone: false, lost: 0, events: [] };
  const events = [
    ...EVENTS.slice(0, 3),
    ...eventsOf([message('out', announce(THEIRS))]).map((event) => ({ ...event, peer: 'page' })),
  ];
  const titles = (nameOf, isGone) =>
    sharedRowsOf(events, [{ ...side, isGone }], nameOf).columns.map(({ title }) => title);
  assert.deepEqual(titles(namesOfRun().nameOf, false), ['You', 'Server', 'Alder']);
  assert.deepEqual(titles(namesOfRun().nameOf, true), ['You', 'Server', 'Alder (gone)']);
  assert.deepEqual(titles(NO_NAMES, false), ['This side: cmhjzhk6…', 'Server', 'Other side: cmhjzhk6…']);
});

test('names are bounded lines in which nothing is hidden, and those of an earlier connection are forgotten', () => {
  const you = { type: 'you', id: 'a7', name: 'Birch', ticket: 'aa.bb', pair: null };
  const told = (state, names) => heard(state, { type: 'peers', names }, 0);
  let state = told(heard(UNKNOWN, you, 0), { [THEIRS]: 'Al\u202Eder\n', [MINE]: 7, ['x'.repeat(65)]: 'Elm', none: '' });
  assert.deepEqual([...state.peers.keys()], [THEIRS]);
  assert.ok(!/[\u202E\n]/.test(state.peers.get(THEIRS)));
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`id-${i}`, 'x'.repeat(500)]));
  state = told(state, many);
  assert.equal(state.peers.size, 40);
  assert.equal(state.peers.get('id-0').length, 60);
  assert.equal(heard(state, you, 0).peers.size, 40);
  assert.equal(heard({ ...state, isConnected: false }, you, 0).peers.size, 0);
  for (const nonsense of [null, 7, [[]], 'x']) assert.equal(told(state, nonsense).peers.size, 0);
});
