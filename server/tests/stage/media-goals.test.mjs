// @ts-check
// The words of goals about media, and the exercises that use them: what was agreed, and what was decoded.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { createJudge } from '../../../book/stage/exercise/judge.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import { statsOf } from '../../../book/stage/stats.js';
import {
  agreedDirections,
  longestRoundTrip,
  offersSet,
  picturesDecoded,
  picturesDecodedAfter,
  picturesMove,
  quietUntil,
} from '../../../code/goals.js';
import * as queue from '../../../code/media/bad-queue.goals.js';
import * as later from '../../../code/media/black-agreed.goals.js';
import * as given from '../../../code/media/black-given.goals.js';
import * as moves from '../../../code/media/camera-moves.goals.js';
import * as packets from '../../../code/media/mute-packets.goals.js';
import * as told from '../../../code/media/mute-told.goals.js';
import * as both from '../../../code/media/tracks-both.goals.js';

const section = (/** @type {string} */ kind, direction = '', port = 9) =>
  `m=${kind} ${port} UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n${direction ? `a=${direction}\r\n` : ''}`;

/** A description that a connection has set. @param {string} on @param {string[]} sections */
const sets = (on, at = 0, type = 'answer', ...sections) => [
  { type: 'call', on, at, name: 'setLocalDescription', call: at * 10 + 1 },
  {
    type: 'done',
    on,
    at,
    name: 'setLocalDescription',
    call: at * 10 + 1,
    value: type,
    text: `v=0\r\n${sections.join('')}`,
  },
];

const connects = ['pc1', 'pc2'].flatMap((on) => [
  { type: 'new', on, at: 0 },
  { type: 'state', on, at: 1, name: 'connection', value: 'connected' },
]);

/** What a connection has decoded, second by second. @param {string} on @param {number[]} counts */
const readings = (on, ...counts) =>
  counts.map((framesDecoded, second) =>
    statsOf({
      on,
      reports: [
        { type: 'inbound-rtp', kind: 'video', framesDecoded, timestamp: 5_000 + second * 1_000 },
        { type: 'inbound-rtp', kind: 'audio', timestamp: 5_000 },
        { type: 'outbound-rtp', kind: 'video', timestamp: 5_000 },
      ],
    }),
  );

/** What a connection has sent, second by second; nothing where there is no stream. @param {string} on @param {(number | undefined)[]} counts */
const sendings = (on, ...counts) =>
  counts.map((packetsSent, second) => {
    const stream = { type: 'outbound-rtp', kind: 'video', packetsSent, timestamp: 5_000 + second * 1_000 };
    const audio = { type: 'outbound-rtp', kind: 'audio', packetsSent: second, timestamp: 5_000 };
    const pair = { type: 'candidate-pair', timestamp: 5_000 + second * 1_000 };
    return statsOf({ on, reports: packetsSent === undefined ? [audio, pair] : [audio, stream, pair] });
  });

/** @param {object[]} events @param {(import('../../../book/stage/stats.js').Stats | undefined)[]} read */
function runOf(events, read = []) {
  const seen = eventsOf(events);
  const known = read.filter((one) => one !== undefined);
  return { model: modelOf(seen), events: seen, said: [], readings: known, elapsed: 3_000 };
}

test('what was agreed is what the last answer says of each section of media that it does not reject', () => {
  const first = sets('pc2', 1, 'answer', section('audio', 'recvonly'));
  const sections = [section('audio', '', 0), section('video', 'sendrecv'), section('video'), section('application')];
  const last = sets('pc2', 3, 'answer', ...sections);
  const offer = sets('pc1', 5, 'offer', section('video', 'inactive'));
  assert.deepEqual(agreedDirections(runOf([...connects, ...first])), ['recvonly']);
  assert.deepEqual(agreedDirections(runOf([...connects, ...first, ...last, ...offer])), ['sendrecv', 'sendrecv']);
  assert.deepEqual(agreedDirections(runOf(connects)), []);
});

test('pictures are counted for each connection, and only those of video', () => {
  const run = runOf(connects, [...readings('pc1', 3, 7), ...readings('pc2', 5)]);
  assert.deepEqual(picturesDecoded(run), [7, 5]);
  assert.deepEqual(picturesDecoded(runOf(connects)), [0, 0]);
});

test('pictures move if they come at the rate for the time', () => {
  const move = (/** @type {number[]} */ ...counts) =>
    picturesMove(runOf(connects, readings('pc2', ...counts)), { seconds: 3, rate: 2 });
  assert.equal(move(0, 2, 4, 6), true);
  assert.equal(move(0, 2, 4), false, 'not for long enough');
  assert.equal(move(0, 1, 2, 3, 4, 5), false, 'too few');
  assert.equal(move(0, 50, 50, 50), true, 'a pause is none if enough come in all');
  assert.equal(move(), false);
});

/** @param {{ goals: import('../../../code/goals.js').Goal[] }} exercise @param {ReturnType<typeof runOf>} run */
const judged = ({ goals }, run) => createJudge(goals, 2_000).look(run).states;

test('both ways in one section: another section does not do, nor a picture of one side alone', () => {
  const decoded = [...readings('pc1', 20), ...readings('pc2', 20)];
  const one = sets('pc2', 2, 'answer', section('video', 'sendrecv'));
  const two = sets('pc2', 2, 'answer', section('video', 'recvonly'), section('video', 'sendonly'));
  assert.deepEqual(judged(both, runOf([...connects, ...one], decoded)), ['met', 'met']);
  assert.deepEqual(judged(both, runOf([...connects, ...two], decoded)), ['met', 'missed']);
  assert.deepEqual(judged(both, runOf([...connects, ...one], readings('pc2', 20)))[0], 'missed');
  assert.deepEqual(judged(both, runOf(connects))[1], 'open', 'nothing is agreed yet');
});

test('a clock that goes: one picture a second is not enough', () => {
  assert.deepEqual(judged(moves, runOf(connects, readings('pc2', 0, 10, 20, 30, 40))), ['met', 'met']);
  assert.deepEqual(judged(moves, runOf(connects, readings('pc2', 0, 1, 2, 3, 4, 5, 6))), ['met', 'missed']);
});

test('quiet is a time without a packet of video, once there was one', () => {
  const quiet = (/** @type {(number | undefined)[]} */ ...counts) =>
    quietUntil(runOf(connects, sendings('pc1', ...counts)), 3_000);
  assert.equal(quiet(0, 0, 0, 0, 0), undefined, 'nothing was sent yet');
  assert.equal(quiet(5, 6, 7, 8, 9), undefined);
  assert.equal(quiet(5, 9, 9, 9), undefined, 'not for long enough');
  assert.equal(quiet(5, 9, 9, 9, 9, 12), 9_000);
  assert.equal(quiet(9, undefined, undefined, undefined, 0), 9_000, 'a stream that is gone sends nothing');
  assert.equal(quiet(), undefined);
});

test('pictures that were decoded before a time are not counted', () => {
  const run = runOf(connects, [...readings('pc1', 0, 0, 0), ...readings('pc2', 10, 20, 24)]);
  assert.equal(picturesDecodedAfter(run, 6_000), 4);
  assert.equal(picturesDecodedAfter(run, 8_000), 0);
});

test('silent, and not a packet: one a second is too many, and another offer as well', () => {
  const offer = sets('pc1', 1, 'offer', section('video', 'sendonly'));
  const again = sets('pc1', 9, 'offer', section('video', 'inactive'));
  const sent = sendings('pc1', 20, 40, 40, 40, 40, 40, 40, 50);
  const decoded = readings('pc2', 10, 30, 30, 30, 30, 30, 30, 30, 36);
  const run = runOf([...connects, ...offer], [...sent, ...decoded]);
  assert.equal(offersSet(run), 1);
  assert.deepEqual(judged(packets, run), ['met', 'met', 'met']);
  const black = sendings('pc1', 20, 40, 41, 42, 43, 44, 45, 46, 47);
  assert.deepEqual(judged(packets, runOf([...connects, ...offer], [...black, ...decoded])).slice(0, 2), [
    'missed',
    'missed',
  ]);
  const negotiated = runOf([...connects, ...offer, ...again], [...sent, ...decoded]);
  assert.deepEqual(judged(packets, negotiated), ['met', 'met', 'missed']);
  const still = [...sent, ...readings('pc2', 10, 30, 30, 30, 30, 30, 30, 30)];
  assert.deepEqual(judged(packets, runOf([...connects, ...offer], still))[1], 'missed', 'it has to come back');
});

test('muted from the beginning: what was said before the channel was open has reached nobody', () => {
  const arrives = (/** @type {boolean[]} */ ...list) =>
    list.map((isMuted, i) => ({
      type: 'message',
      on: 'ch1',
      at: 100 + i,
      side: 'in',
      text: JSON.stringify({ isMuted }),
    }));
  const said = ['A is muted: true', 'the channel is open'];
  const of = (/** @type {boolean[]} */ ...list) => ({ ...runOf(arrives(...list)), said });
  assert.deepEqual(judged(told, of(true, false)), ['met', 'met', 'met']);
  assert.deepEqual(judged(told, of(false)), ['open', 'missed', 'missed']);
  assert.deepEqual(judged(told, of(false, true)), ['open', 'met', 'missed']);
  const late = { ...of(true, false), said: [...said].reverse() };
  assert.deepEqual(judged(told, late)[0], 'missed', 'A was seen for a moment');
  assert.deepEqual(judged(told, { ...of(), said: [] })[0], 'open', 'nothing has happened yet');
});

/** What statistics say of round trips, second by second, in s. @param {(number | undefined)[]} times */
const trips = (...times) =>
  times.flatMap((time, second) => {
    const timestamp = 5_000 + second * 1_000;
    const checked = { type: 'candidate-pair', currentRoundTripTime: time, timestamp };
    const reported = { type: 'remote-inbound-rtp', kind: 'video', roundTripTime: time, timestamp };
    return [statsOf({ on: 'pc1', reports: [second % 2 ? checked : reported] })];
  });

test('the longest round trip is that of any check and of any report', () => {
  assert.equal(longestRoundTrip(runOf(connects, trips(0.02, undefined, 1.5, 0.03))), 1_500);
  assert.equal(longestRoundTrip(runOf(connects, trips(0.02, 2))), 2_000);
  assert.equal(longestRoundTrip(runOf(connects, trips(undefined))), 0);
  assert.equal(longestRoundTrip(runOf(connects)), 0);
});

test('in time on a narrow line: one round trip of a second spoils it, and so do pictures that stop', () => {
  const moving = readings('pc2', ...Array.from({ length: 21 }, (_, second) => second * 5));
  const standing = readings('pc2', ...Array.from({ length: 21 }, () => 5));
  assert.deepEqual(judged(queue, runOf(connects, [...moving, ...trips(0.02, 0.3)])), ['met', 'met']);
  assert.deepEqual(judged(queue, runOf(connects, [...moving, ...trips(0.02, 1.2, 0.02)])), ['met', 'missed']);
  assert.deepEqual(judged(queue, runOf(connects, [...standing, ...trips(0.02)]))[0], 'missed');
});

test('it arrives, and is not seen: an element without a picture does not play, whatever it says, nor does a paused one', () => {
  const arrives = runOf(connects, readings('pc2', 0, 10, 20, 30, 40));
  const saying = (/** @type {string} */ text) => judged(given, { ...arrives, said: [text] });
  assert.deepEqual(saying('the element: 320×180, plays'), ['met', 'met']);
  assert.deepEqual(saying('the element: 0×0, plays'), ['met', 'missed']);
  assert.deepEqual(saying('the element: 320×180, paused'), ['met', 'missed']);
  const nothing = { ...runOf(connects), said: ['the element: 320×180, plays'] };
  assert.deepEqual(judged(given, nothing)[0], 'missed', 'nothing is decoded');
});

test('a camera that came later: it has to come in the section that is there', () => {
  const decoded = readings('pc2', 0, 10, 20, 30, 40);
  const one = sets('pc2', 2, 'answer', section('video', 'recvonly'));
  const two = sets('pc2', 2, 'answer', section('video', 'inactive'), section('video', 'recvonly'));
  assert.deepEqual(judged(later, runOf([...connects, ...one], decoded)), ['met', 'met']);
  assert.deepEqual(judged(later, runOf([...connects, ...two], decoded)), ['met', 'missed']);
  const inactive = sets('pc2', 2, 'answer', section('video', 'inactive'));
  assert.deepEqual(judged(later, runOf([...connects, ...inactive]))[0], 'missed');
});
