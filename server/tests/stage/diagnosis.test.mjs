// What a run is diagnosed with, from its events alone: only signaling is called slow, and only who gave up too soon is blamed for it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { diagnose } from '../../../book/stage/instruments/diagnosis/diagnosis.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';

const NOW = 60_000;
const CANDIDATE = 'a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n';

/** @param {number} session @param {number} version @param {string} [more] */
const sdp = (session, version, more = '') =>
  `v=0\r\no=- ${session} ${version} IN IP4 127.0.0.1\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n${more}`;

let calls = 0;

/** A call that takes effect after `took` ms. */
function call(at, on, name, value, text, took = 1) {
  calls += 1;
  return [
    { at, type: 'call', on, name, value, text, call: calls },
    { at: at + took, type: 'done', on, name, call: calls },
  ];
}
const state = (at, on, name, value) => ({ at, type: 'state', on, name, value });
const message = (at, on, side, text) => ({ at, type: 'message', on, side, text });
const inJson = (text) => JSON.stringify({ type: 'offer', sdp: text });

/** What is found, in `evidence` or by id, of these events in their order. */
function found(events) {
  const inOrder = events.flat(Infinity).sort((a, b) => a.at - b.at);
  return diagnose(modelOf(eventsOf(inOrder)), NOW);
}
const ids = (events) => found(events).map(({ id }) => id);

/** Two connections of one page, which negotiate and renegotiate. `way` is how long each description takes, in ms. */
function pair(way, rounds = [0], connectedAfter = 50) {
  return rounds.map((from, i) => {
    const [offer, answer] = [sdp(1, i + 2, CANDIDATE), sdp(2, i + 2, CANDIDATE)];
    return [
      call(from, 'pc1', 'setLocalDescription', 'offer', offer),
      state(from + 1, 'pc1', 'signaling', 'have-local-offer'),
      call(from + 1 + way, 'pc2', 'setRemoteDescription', 'offer', offer),
      call(from + 3 + way, 'pc2', 'setLocalDescription', 'answer', answer),
      call(from + 5 + 2 * way, 'pc1', 'setRemoteDescription', 'answer', answer),
      state(from + 6 + 2 * way, 'pc1', 'signaling', 'stable'),
      state(from + connectedAfter + 2 * way, 'pc1', 'connection', 'connected'),
      state(from + connectedAfter + 2 * way, 'pc2', 'connection', 'connected'),
    ];
  });
}

test('slow is what takes long between the making and the setting of one description', () => {
  assert.deepEqual(ids(pair(10)), []);
  assert.deepEqual(found(pair(2_000))[0]?.evidence, 'The answer arrived 2.0 s after it was made.');
});

test('a later description of the same session is not taken for the first one', () => {
  assert.deepEqual(ids(pair(10, [0, 2_500, 9_000])), []);
});

test('what an endless negotiation takes is not called slow', () => {
  const rounds = Array.from({ length: 14 }, (_, i) => 300 * i);
  assert.deepEqual(ids(pair(10, rounds)), ['loop']);
});

test('the time that a busy browser takes for calls is not that of signaling', () => {
  const offer = sdp(1, 2);
  const busy = [
    call(0, 'pc1', 'setLocalDescription', 'offer', offer),
    call(5, 'pc2', 'addIceCandidate', '', '', 1_900),
    call(1_910, 'pc2', 'setRemoteDescription', 'offer', offer),
  ];
  assert.ok(!ids(busy).includes('slow'));
});

test('who waits for all candidates is not slow', () => {
  const waiting = [
    call(0, 'pc1', 'setLocalDescription', 'offer', sdp(1, 2)),
    state(4_000, 'pc1', 'gathering', 'complete'),
    call(4_010, 'pc2', 'setRemoteDescription', 'offer', sdp(1, 2, CANDIDATE)),
  ];
  assert.ok(!ids(waiting).includes('slow'));
});

test('of descriptions that travel by sockets, only the way counts', () => {
  const offer = sdp(1, 2);
  const sent = (out, arrives, set) => [
    { at: 0, type: 'new', on: 'ws1' },
    { at: 0, type: 'new', on: 'ws2' },
    call(0, 'pc1', 'setLocalDescription', 'offer', offer),
    message(out, 'ws1', 'out', `/to|b|/sdp|a|${inJson(offer)}`),
    message(arrives, 'ws2', 'in', `/to|b|/sdp|a|${inJson(offer)}`),
    call(set, 'pc2', 'setRemoteDescription', 'offer', offer),
  ];
  const slow = (events) => found(events).find(({ id }) => id === 'slow')?.evidence;
  assert.equal(slow(sent(3_000, 3_020, 3_030)), undefined, 'the code sent it late');
  assert.equal(slow(sent(10, 1_510, 1_520)), 'The offer arrived 1.5 s after it was sent.');
  assert.equal(slow(sent(10, 20, 2_020)), 'The offer arrived 2.0 s after it had come to this page.');
});

test('of another page only a long round trip can be told', () => {
  const answered = (after) => [
    call(0, 'pc1', 'setLocalDescription', 'offer', sdp(1, 2)),
    call(10, 'pc1', 'setRemoteDescription', 'answer', sdp(2, 2)),
    call(20_000, 'pc1', 'setLocalDescription', 'offer', sdp(1, 3)),
    call(20_000 + after, 'pc1', 'setRemoteDescription', 'answer', sdp(2, 3)),
  ];
  assert.ok(!ids(answered(1_500)).includes('slow'));
  const [slow] = found(answered(4_000)).filter(({ id }) => id === 'slow');
  assert.equal(slow?.evidence, 'The answer arrived 4.0 s after the offer was made.');
});

/** A call that was connected, interrupted, and closed by the code, after so many pings that nobody answered. */
function givenUp(unanswered, more = []) {
  return [
    pair(10),
    { at: 100, type: 'new', on: 'ch1', of: 'pc1', side: 'local', text: 'rtc-quickconnect' },
    state(110, 'ch1', 'channel', 'open'),
    message(120, 'ch1', 'out', 'ping'),
    message(121, 'ch1', 'in', 'pong'),
    Array.from({ length: unanswered }, (_, i) => message(2_500 * (i + 1), 'ch1', 'out', 'ping')),
    state(12_000, 'pc1', 'connection', 'disconnected'),
    { at: 12_500, type: 'call', on: 'pc1', name: 'close' },
    state(12_501, 'ch1', 'channel', 'closed'),
    more,
  ];
}

test('a peer that froze is reported as that, also after the code has given it up', () => {
  assert.deepEqual(ids(givenUp(4)), ['freeze']);
  assert.match(found(givenUp(4))[0].evidence, /was open.*the last message came at 121 ms\. The code closed/);
  assert.deepEqual(ids(givenUp(0)), ['closed-too-soon']);
});

test('a frozen peer is forgotten once there is another connection', () => {
  const again = { at: 30_000, type: 'new', on: 'pc3' };
  assert.ok(!ids(givenUp(4, [again])).some((id) => id === 'freeze' || id === 'closed-too-soon'));
});
