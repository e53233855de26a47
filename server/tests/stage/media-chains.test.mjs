// Each track from its source to the screen, as statistics and elements tell of it, and what of them is let in from a frame.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { factsOf, limitsInWords, limitsOf } from '../../../book/stage/instruments/model/facts.js';
import { rowsOf } from '../../../book/stage/instruments/model/rows.js';
import { growthOf, movementOf, ratesOf } from '../../../book/stage/instruments/model/movement.js';
import { statsOf } from '../../../book/stage/stats.js';
import { answersOf, flows, given, negotiated, plays, runOf, state, tracks } from './media-samples.mjs';

const usual = [negotiated(), tracks(), flows, given(), plays()];
const wordsOf = ({ links }) => links.map(({ name, word }) => `${name} ${word}`);
const numbersOf = ({ links }) => links.map(({ values }) => values.at(-1) ?? null);
const readings = (...values) => values.map((value, i) => ({ at: i * 1_000, value }));

for (const browser of ['chromium', 'firefox']) {
  test(`both ends of a track are one chain, with a rate for each link, in ${browser}`, () => {
    const { chains } = runOf(usual, answersOf(browser));
    assert.equal(chains.length, 1);
    assert.equal(chains[0].title, 'Video, mid 0: Connection 1 → Connection 2');
    const moving = ['source', 'encoded', 'sent', 'received', 'decoded'].map((name) => `${name} moves`);
    assert.deepEqual(wordsOf(chains[0]), [...moving, 'shown plays']);
    assert.deepEqual(numbersOf(chains[0]), [30, 30, 480, 480, 30, 30]);
  });
}

test('the first link that stands still is where nothing more comes', () => {
  const { chains } = runOf(usual, answersOf('chromium', { decoded: 0, keys: 1 }));
  assert.deepEqual(
    chains[0].links.map(({ tone }) => tone),
    ['moves', 'moves', 'moves', 'moves', 'still', 'moves'],
  );
});

test('an end that is elsewhere is said to be, and is not called still', () => {
  const events = usual.flat(Infinity).filter(({ on }) => on !== 'pc2' && on !== 'tr2' && on !== 'el1');
  const answers = answersOf('chromium').filter(({ on }) => on === 'pc1');
  const [chain] = runOf(events, answers).chains;
  assert.equal(chain.title, 'Video, mid 0: sent by Connection 1');
  assert.deepEqual(wordsOf(chain).slice(3), [
    'received not on this page',
    'decoded not on this page',
    'shown not on this page',
  ]);
});

test('before the first packet the two ends are known by their section', () => {
  const events = [negotiated(), tracks(), given()];
  const { chains } = runOf(events, answersOf('chromium', { source: 0, encoded: 0, packets: 0, isIn: false }));
  assert.equal(chains.length, 1);
  assert.deepEqual(wordsOf(chains[0]).slice(0, 4), [
    'source stands still',
    'encoded stands still',
    'sent stands still',
    'received not told',
  ]);
});

test('a recording has its tracks without numbers, and what elements did', () => {
  const { chains } = runOf(usual);
  const [sent, received] = chains;
  assert.deepEqual([sent.title, received.title], ['Video: sent by Connection 1', 'Video: received by Connection 2']);
  assert.equal(wordsOf(received).at(-1), 'shown plays');
});

test('a run without tracks has no chain, and events of before there were any are read as ever', () => {
  const { chains, model } = runOf([negotiated()]);
  assert.deepEqual([chains, model.tracks, model.elements], [[], [], []]);
});

test('what an element does with a picture is said in words', () => {
  const shownBy = (...more) =>
    wordsOf(runOf([negotiated(), tracks(), flows, ...more], answersOf('chromium')).chains[0]).at(-1);
  assert.equal(shownBy(), 'shown in no element');
  assert.equal(shownBy(given()), 'shown paused');
  assert.equal(shownBy(given(), plays(), state(200, 'el1', 'size', '')), 'shown no picture');
  assert.equal(shownBy(given(), plays(), state(200, 'el1', 'sight', 'hidden')), 'shown hidden');
  assert.equal(shownBy(given(), plays(), state(200, 'el1', 'sight', 'out of sight')), 'shown out of sight');
});

test('what is closed or has ended is over', () => {
  const closed = [...usual, { at: 7_000, type: 'call', on: 'pc2', name: 'close' }];
  const [chain] = runOf(closed, answersOf('chromium')).chains;
  assert.ok(chain.isOver);
  assert.match(chain.title, / \(closed\)$/);
  const ended = [...usual, state(7_000, 'tr1', 'track', 'ended')];
  assert.match(runOf(ended, answersOf('firefox')).chains[0].title, / \(the track has ended\)$/);
  assert.ok(chain.links.every(({ word }) => word === 'over'));
});

test('sound has a level, and no link for what is encoded of it', () => {
  const events = [negotiated({ kind: 'audio' }), tracks('audio'), flows, given('el1', 'tr2', 'audio'), plays()];
  const [chain] = runOf(events, answersOf('chromium', { kind: 'audio', source: 1, packets: 50 })).chains;
  assert.deepEqual(wordsOf(chain), ['source moves', 'sent moves', 'received moves', 'decoded moves', 'heard plays']);
  assert.equal(chain.links[0].values.at(-1), 30);
});

test('facts are told where the browser tells them', () => {
  const texts = (browser) =>
    Object.fromEntries(factsOf(runOf(usual, answersOf(browser)).chains[0]).map(({ name, text }) => [name, text]));
  assert.deepEqual(texts('chromium'), {
    Codec: 'VP8',
    Sends: '480 kbit/s',
    Target: '600 kbit/s',
    'Network carries': '900 kbit/s',
    Size: '640 × 360',
    'Pictures a second': '30',
    Freezes: '0',
    'Asked for whole pictures': '0',
    'Round trip': 'not told',
  });
  const { Target, 'Network carries': carries } = texts('firefox');
  assert.deepEqual([Target, carries], ['not told', 'not told']);
});

test('the lane of limits is how long each of them lasted', () => {
  const answers = answersOf('chromium');
  for (const { on, reports } of answers.slice(8))
    if (on === 'pc1') reports.find(({ type }) => type === 'outbound-rtp').qualityLimitationReason = 'bandwidth';
  const limits = limitsOf(runOf(usual, answers).chains[0]);
  assert.deepEqual(limits, [
    { reason: 'none', time: 3_000 },
    { reason: 'bandwidth', time: 3_000 },
  ]);
  assert.equal(limitsInWords(limits), 'Quality limited by: nothing for 3 s, bandwidth for 3 s.');
  assert.equal(
    limitsInWords(limitsOf(runOf(usual, answersOf('firefox')).chains[0])),
    'Why the quality is limited: not told.',
  );
});

test('freezes are marked at the pictures that were decoded', () => {
  const answers = answersOf('firefox');
  for (const { on, reports } of answers.slice(6))
    if (on === 'pc2') reports.find(({ type }) => type === 'inbound-rtp').freezeCount = 1;
  const { links } = runOf(usual, answers).chains[0];
  assert.deepEqual(links.find(({ name }) => name === 'decoded').freezes, [3]);
});

test('a count moves, stands still, or is not known yet', () => {
  assert.equal(movementOf([]), 'unknown');
  assert.equal(movementOf(readings(undefined, undefined)), 'unknown');
  assert.equal(movementOf(readings(0)), 'early');
  assert.equal(movementOf(readings(0, 3)), 'moves');
  assert.equal(movementOf(readings(0, 3, 3)), 'moves', 'for a second only');
  assert.equal(movementOf(readings(0, 3, 3, 3)), 'still');
  assert.deepEqual(ratesOf(readings(1, 3, undefined, 4, 2)), [null, 2, null, null, null]);
  assert.equal(growthOf(readings(1, 3, 4, 9), 2_000), 6);
  assert.equal(growthOf(readings(1, 3), 2_000), undefined);
});

test('many tracks and long runs are bounded', () => {
  const many = Array.from({ length: 300 }, (_, i) => [
    { at: i, type: 'new', on: `tr${i + 1}`, of: 'pc1', side: 'remote', value: 'video', text: `t${i}` },
    { at: i, type: 'new', on: `el${i + 1}`, value: 'video' },
  ]);
  const { model, chains } = runOf([negotiated(), many]);
  assert.deepEqual([model.tracks.length, model.elements.length, chains.length], [200, 100, 64]);
  const long = Array.from({ length: 1_000 }, (_, i) => state(i, 'tr1', 'flow', i % 2 ? 'muted' : 'unmuted'));
  assert.equal(runOf([tracks(), long]).model.tracks[0].states.flow.length, 200);
});

test('what a frame says of its media is checked', () => {
  const hostile = {
    on: 'pc1',
    reports: [{ packetsSent: Number.NaN, bytesSent: Infinity, mid: '0', frames: 3, list: [] }],
    transceivers: [
      null,
      7,
      { mid: 5, kind: '<b>', direction: 'up', current: {}, sends: 'x1', receives: 'tr9', level: 7 },
    ],
    shown: [{ on: 'el1', frames: 'many' }, { on: 'pc1', frames: 1 }, { on: 'el2', frames: 3, more: {} }, null],
  };
  const stats = statsOf(hostile);
  assert.deepEqual(stats?.reports, [{ mid: '0', frames: 3 }]);
  assert.deepEqual(stats?.transceivers, [
    { mid: '', kind: 'video', direction: '', current: '', sends: '', source: '', receives: 'tr9', level: 1 },
  ]);
  assert.deepEqual(stats?.shown, [{ on: 'el2', frames: 3 }]);
  assert.deepEqual(statsOf({ on: 'pc1', reports: [] })?.transceivers, [], 'an answer of before there were any');
  assert.equal(statsOf({ on: 'tr1', reports: [] }), undefined);
  assert.equal(eventsOf([{ at: 1, type: 'new', on: 'tr1', of: 'nowhere' }])[0].of, '');
  assert.deepEqual(eventsOf([{ at: 1, type: 'new', on: 'xx1' }]), []);
});

test('tracks and elements stand in the ladder, in the column of their connection', () => {
  const refused = [
    { at: 14, type: 'call', on: 'el1', name: 'play', call: 900, line: 9 },
    { at: 15, type: 'failed', on: 'el1', name: 'play', call: 900, value: 'NotAllowedError', text: 'no' },
  ];
  const events = [tracks(), flows, given(), refused].flat(Infinity).sort((a, b) => a.at - b.at);
  const { rows, columns } = rowsOf(eventsOf(events));
  assert.deepEqual(
    rows.map(({ from, label, tone }) => `${from} ${label} ${tone}`),
    [
      'pc2 video track: muted ok',
      'pc2 <video>: srcObject is set ok',
      'pc2 <video>: play() ✗ NotAllowedError: no bad',
      'pc2 video track: unmuted ok',
    ],
  );
  assert.deepEqual(columns, [{ id: 'pc2', title: 'Connection 2' }]);
});

test('a source that is not linked to what is sent of it is known by its track', () => {
  const unlinked = answersOf('firefox').map((answer) => ({
    ...answer,
    reports: answer.reports.map(({ mediaSourceId, ...report }) => report),
    transceivers: answer.transceivers.map((one) => ({ ...one, source: one.sends && 'camera' })),
  }));
  const { chains } = runOf(usual, unlinked);
  assert.equal(chains.length, 1);
  assert.equal(chains[0].links[0].word, 'moves');
  const without = unlinked.map((answer) => ({ ...answer, transceivers: [] }));
  assert.equal(runOf(usual, without).chains[0].links[0].word, 'moves', 'it is the only one of its kind');
});

test('a track that has the same name on both sides is found on each', () => {
  const events = usual.flat(Infinity).map((event) => (event.text === 'arrived' ? { ...event, text: 'camera' } : event));
  for (const isToldByTransceivers of [true, false]) {
    const answers = answersOf('chromium').map((answer) => ({
      ...answer,
      reports: answer.reports.map((one) => (one.trackIdentifier ? { ...one, trackIdentifier: 'camera' } : one)),
      transceivers: isToldByTransceivers ? answer.transceivers : [],
    }));
    const [chain, ...others] = runOf(events, answers).chains;
    assert.deepEqual([chain.out.track.id, chain.in.track.id, others.length], ['tr1', 'tr2', 0]);
    assert.equal(wordsOf(chain).at(-1), 'shown plays');
  }
});

test('of a browser that tells neither names nor sections the only track is taken', () => {
  const answers = answersOf('firefox').map((answer) => ({
    ...answer,
    reports: answer.reports.map(({ mid, trackIdentifier, ...report }) => report),
    transceivers: [],
  }));
  const [chain] = runOf(usual, answers).chains;
  assert.deepEqual([chain.out.track.id, chain.in.track.id], ['tr1', 'tr2']);
});
