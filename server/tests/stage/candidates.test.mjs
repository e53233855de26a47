// What a pair of candidates says of its checks, as each browser reports it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { pairsIn, verdict } from '../../../book/stage/instruments/model/pairs.js';

const of = (pair) => pairsIn([{ type: 'candidate-pair', id: 'p', ...pair }])[0];

test('answers are compared with checks only where both are counted', () => {
  assert.equal(of({ responsesReceived: 2, requestsSent: 3 }).answered, '2 of 3');
  assert.equal(of({ responsesReceived: 0, requestsSent: 3 }).answered, '0 of 3');
  assert.equal(of({ responsesReceived: 2 }).answered, '2', 'Firefox counts no checks');
  assert.equal(of({ responsesReceived: 2, requestsSent: 0 }).answered, '2');
  assert.equal(of({}).answered, '');
});

test('a pair that nobody has checked has no round trip', () => {
  assert.equal(of({ currentRoundTripTime: 0 }).roundTrip, undefined);
  assert.equal(of({ currentRoundTripTime: 0, responsesReceived: 0 }).roundTrip, undefined);
  assert.equal(of({ currentRoundTripTime: 0, responsesReceived: 1 }).roundTrip, 0);
  assert.equal(of({ currentRoundTripTime: 0.002 }).roundTrip, 0.002);
});

test('candidates that come in a description have arrived', () => {
  const states = { connection: [{ value: 'new' }], ice: [{ value: 'checking' }] };
  const remote = (sdp) => ({
    states,
    localCandidates: [{ text: 'candidate:1' }],
    remoteCandidates: [],
    descriptions: [{ side: 'remote', sdp }],
  });
  assert.equal(
    verdict(remote('v=0\r\na=candidate:1 1 udp 1 h 9 typ host\r\n')),
    'Both sides have candidates; ICE is checking.',
  );
  assert.equal(verdict(remote('v=0\r\n')), 'No candidate of the other side ever arrived.');
});
