// What the graphs of statistics show: one for each quantity, with both directions in it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createHistory } from '../../../book/stage/instruments/model/history.js';

const channel = (messagesSent, messagesReceived) => ({ type: 'data-channel', id: 'd', messagesSent, messagesReceived });
const pair = (more) => ({ type: 'candidate-pair', id: 'p', nominated: true, ...more });

test('both directions of a quantity are lines of one graph, as rates a second', () => {
  const history = createHistory();
  history.add({ on: 'pc1', at: 1_000, reports: [channel(0, 0)] });
  history.add({ on: 'pc1', at: 3_000, reports: [channel(4, 10)] });
  const [messages, ...others] = history.series();
  assert.equal(messages.graph.id, 'messages');
  assert.deepEqual(messages.times, [0, 2]);
  assert.deepEqual(messages.lines, [
    { title: 'sent', values: [null, 2] },
    { title: 'received', values: [null, 5] },
  ]);
  assert.deepEqual(others, [], 'of what nothing is known, there is no graph');
});

test('a direction that is not told is no line', () => {
  const history = createHistory();
  history.add({ on: 'pc1', at: 0, reports: [{ type: 'transport', id: 't', bytesSent: 5 }] });
  assert.deepEqual(
    history.series().map(({ graph, lines }) => [graph.id, lines.map(({ title }) => title)]),
    [['bytes', ['sent']]],
  );
});

test('what does not count up is shown as it is', () => {
  const history = createHistory();
  history.add({
    on: 'pc1',
    at: 0,
    reports: [pair({ currentRoundTripTime: 0.012, availableOutgoingBitrate: 300_000 })],
  });
  assert.deepEqual(
    history.series().map(({ graph, lines }) => [graph.id, lines[0].values]),
    [
      ['round-trip', [12]],
      ['bandwidth', [300]],
    ],
  );
});

test('of two nominated pairs only the selected one counts', () => {
  const round = (time) => ({ currentRoundTripTime: time });
  const pairs = [
    { ...pair(round(0.5)), id: 'first', bytesSent: 100 },
    { ...pair(round(0.002)), id: 'second', bytesSent: 40 },
  ];
  const inChromium = [...pairs, { type: 'transport', id: 't', selectedCandidatePairId: 'second' }];
  const inFirefox = [pairs[0], { ...pairs[1], selected: true }];
  for (const reports of [inChromium, inFirefox]) {
    const history = createHistory();
    history.add({ on: 'pc1', at: 0, reports });
    const roundTrip = history.series().find(({ graph }) => graph.id === 'round-trip');
    assert.deepEqual(roundTrip?.lines[0].values, [2]);
  }
});
