// Why a picture is black, or a call silent: each cause is told by its own finding, in both browsers, and a healthy call by none.

import assert from 'node:assert/strict';
import test from 'node:test';
import { diagnose } from '../../../book/stage/instruments/diagnosis/diagnosis.js';
import { mediaFindings } from '../../../book/stage/instruments/diagnosis/media-diagnosis.js';
import { answersOf, flows, given, NOW, negotiated, plays, runOf, state, tracks } from './media-samples.mjs';

/** A play() that is refused. */
const refused = (name, id = 'el1') => [
  { at: 14, type: 'call', on: id, name: 'play', call: 901, line: 9 },
  { at: 20, type: 'failed', on: id, name: 'play', call: 901, value: name },
];
const shown = [given(), plays()];
const usual = [negotiated(), tracks(), flows];
/** An element in the page that was given nothing. */
const empty = { at: 3, type: 'new', on: 'el1', value: 'video' };

/** What was found. @param {any[]} events @param {any[]} [answers] */
function found(events, answers) {
  const { model, history } = runOf(events, answers);
  return diagnose(model, NOW, mediaFindings(model, history, NOW));
}
const ids = (events, answers) => found(events, answers).map(({ id }) => id);

/** Each cause: its finding, its events, and what statistics say of it in each browser. */
const CAUSES = {
  'nothing was painted': {
    finding: 'no-pictures',
    events: [negotiated(), tracks(), given()],
    numbers: { source: 0, encoded: 0, packets: 0, isIn: false, bytesIn: 100 },
  },
  'painted once': {
    finding: { chromium: 'no-pictures', firefox: 'still-picture' },
    events: { chromium: [negotiated(), tracks(), given()], firefox: [usual, shown] },
    numbers: {
      chromium: { source: 0, encoded: 0, packets: 0, isIn: false, bytesIn: 100 },
      firefox: { source: 1, encoded: 1, packets: 1, decoded: 1 },
    },
  },
  'the track is disabled': {
    finding: 'track-disabled',
    events: [usual, state(6, 'tr1', 'enabled', 'off', 6), shown],
    numbers: { chromium: {}, firefox: { source: 1, encoded: 1, packets: 1, decoded: 1 } },
  },
  'both only receive': { finding: 'both-receive', events: [negotiated({ offer: 'recvonly', answer: 'inactive' })] },
  'the answer is inactive': {
    finding: 'answer-inactive',
    events: [negotiated({ offer: 'sendrecv', answer: 'inactive' }), tracks(), given()],
    numbers: { source: 30, isOut: false, isIn: false, current: 'inactive', bytesIn: 100 },
  },
  'no srcObject': { finding: 'no-source-object', events: [usual, empty] },
  'not played': { finding: 'not-played', events: [usual, given()] },
  'autoplay refused': { finding: 'autoplay-refused', events: [usual, given(), refused('NotAllowedError')] },
  'a new stream for each track': {
    finding: 'stream-replaced',
    events: [
      usual,
      given(),
      { at: 13, type: 'new', on: 'tr3', of: 'pc2', side: 'remote', value: 'audio', text: 'voice' },
      state(16, 'el1', 'tracks', 'tr3', 8),
      state(17, 'el1', 'playback', 'playing'),
      refused('AbortError'),
    ],
  },
  'srcObject set twice': { finding: 'play-interrupted', events: [usual, shown, refused('AbortError')] },
  'without size': { finding: 'no-size', events: [usual, shown, state(300, 'el1', 'sight', 'without size')] },
  'a wrong key': {
    finding: 'not-decoded',
    events: [usual, given(), state(14, 'el1', 'playback', 'waiting')],
    numbers: { decoded: 0, keys: 2 },
  },
  'a wrong payload type': {
    finding: 'wrong-payload',
    events: [negotiated(), tracks(), given(), state(14, 'el1', 'playback', 'waiting')],
    numbers: { isIn: false },
  },
};

for (const [cause, { finding, events, numbers }] of Object.entries(CAUSES)) {
  for (const browser of ['chromium', 'firefox']) {
    test(`${cause} is told by its own finding in ${browser}`, () => {
      const answers = answersOf(browser, numbers?.[browser] ?? numbers);
      assert.deepEqual(ids(events[browser] ?? events, answers), [finding[browser] ?? finding]);
    });
  }
}

for (const browser of ['chromium', 'firefox']) {
  test(`of a healthy call nothing is found in ${browser}`, () => {
    assert.deepEqual(ids([usual, shown], answersOf(browser)), []);
  });

  test(`of a healthy voice nothing is found in ${browser}`, () => {
    const events = [negotiated({ kind: 'audio' }), tracks('audio'), flows, given('el1', 'tr2', 'audio'), plays()];
    assert.deepEqual(ids(events, answersOf(browser, { kind: 'audio', source: 1, packets: 50 })), []);
  });

  test(`a voice whose audio context is suspended is silent in ${browser}`, () => {
    const events = [negotiated({ kind: 'audio' }), tracks('audio'), given('el1', 'tr2', 'audio')];
    const numbers = { kind: 'audio', source: 0, packets: 0, isIn: false, bytesIn: 100 };
    assert.deepEqual(ids(events, answersOf(browser, numbers)), ['no-sound']);
  });
}

test('the causes that elements show are found without statistics, as in a recording', () => {
  for (const cause of ['no srcObject', 'not played', 'autoplay refused', 'without size'])
    assert.deepEqual(ids(CAUSES[cause].events), [CAUSES[cause].finding], cause);
});

test('a call that uses nothing of what it receives, and has no element, is left alone', () => {
  assert.deepEqual(ids(usual, answersOf('chromium')), []);
});

test('who turns to another picture in the same element has lost nothing', () => {
  const other = [
    { at: 13, type: 'new', on: 'tr3', of: 'pc2', side: 'remote', value: 'video', text: 'other' },
    state(2_000, 'el1', 'tracks', 'tr3', 12),
  ];
  assert.deepEqual(ids([usual, shown, other]), []);
});

test('a second element that stays paused is left alone while the first one plays', () => {
  assert.deepEqual(ids([usual, shown, given('el2')]), []);
});

test('a track that is muted during a call is not called forgotten, however long it lasts', () => {
  const muted = [usual, shown, state(4_000, 'tr1', 'enabled', 'off', 6)];
  const { model, history } = runOf(muted, answersOf('chromium'));
  assert.deepEqual(diagnose(model, 60_000, mediaFindings(model, history, 60_000)), []);
});

test('a voice that is off until somebody pushes to talk is off on purpose', () => {
  const off = state(6, 'tr1', 'enabled', 'off', 6);
  const events = [negotiated({ kind: 'audio' }), tracks('audio'), off, flows, given('el1', 'tr2', 'audio'), plays()];
  assert.deepEqual(ids(events, answersOf('chromium', { kind: 'audio', source: 1, packets: 50 })), []);
});

test('an element that waits for its reader, or until it is in sight, is left alone', () => {
  for (const start of ['controls', 'autoplay'])
    assert.deepEqual(ids([usual, given(), state(14, 'el1', 'start', start)]), [], start);
});

test('a picture that is hidden after it was seen is hidden on purpose', () => {
  assert.deepEqual(ids([usual, shown, state(4_000, 'el1', 'sight', 'without size')]), []);
});

test('a source that has given many pictures before it stopped does not count as still', () => {
  const stopped = answersOf('chromium', { source: 0 }).map((answer) => ({
    ...answer,
    reports: answer.reports.map((report) => (report.type === 'media-source' ? { ...report, frames: 90 } : report)),
  }));
  assert.deepEqual(ids([usual, shown], stopped), []);
});

test('a source of which nothing is counted is not called silent', () => {
  const answers = answersOf('chromium', { packets: 0, bytesIn: 100 }).map((answer) => ({
    ...answer,
    reports: answer.reports.map((report) => ({ ...report, frames: undefined, framesEncoded: undefined })),
  }));
  assert.deepEqual(ids([usual, shown], answers), []);
});

test('a message that takes long is not taken for packets that belong to nothing', () => {
  const channel = [
    { at: 5, type: 'new', on: 'ch1', of: 'pc2', name: 'RTCDataChannel', text: 'file' },
    state(110, 'ch1', 'channel', 'open'),
  ];
  const events = [negotiated(), tracks(), given(), plays()];
  const answers = answersOf('chromium', { isIn: false });
  assert.deepEqual(ids(events, answers), ['wrong-payload']);
  assert.deepEqual(ids([events, channel], answers), []);
});

test('an element whose beginning was dropped is not one that never got a picture', () => {
  assert.deepEqual(ids([usual, state(300, 'el1', 'sound', 'muted')]), []);
});

test('nothing is said of elements once the frame tells no more of them', () => {
  const changes = Array.from({ length: 1_000 }, (_, i) => state(200, 'el1', 'sound', i % 2 ? 'on' : 'muted'));
  assert.deepEqual(ids([usual, given()]), ['not-played']);
  assert.deepEqual(ids([usual, given(), changes]), []);
});

test('a <video> for a file is not taken for one that should show what arrives', () => {
  assert.deepEqual(ids([usual, empty, state(4, 'el1', 'start', 'controls')]), []);
  assert.deepEqual(ids([usual, empty, state(4, 'el1', 'size', '640x360')]), []);
});

test('a picture that is only scrolled away is not called without size', () => {
  assert.deepEqual(ids([usual, shown, state(300, 'el1', 'sight', 'out of sight')], answersOf('chromium')), []);
});

test('a call that is held after it has flowed is not called refused', () => {
  const held = negotiated({ answer: 'inactive' }).flat(Infinity);
  const later = held.filter(({ at, type }) => at > 0 && at < 18 && type !== 'new');
  const again = later.map((event) => ({ ...event, at: event.at + 3_000, call: event.call && event.call + 100 }));
  assert.ok(!ids([usual, shown, again]).includes('answer-inactive'));
});

/** A call whose two descriptions have these sections. */
const withSections = (offer, answer) =>
  negotiated()
    .flat(Infinity)
    .map((event) => {
      const lines = (event.value === 'answer' ? answer : offer).map(
        ([kind, port, direction], i) => `m=${kind} ${port} UDP/TLS/RTP/SAVPF 96\r\na=mid:${i}\r\na=${direction}\r\n`,
      );
      return event.text?.startsWith('v=0')
        ? { ...event, text: event.text.replace(/m=.*\r\n(?=a=candidate)/s, lines.join('')) }
        : event;
    });

test('each section of an answer is compared with that of the offer in the same place', () => {
  const refusedOne = [
    ['audio', 0, 'inactive'],
    ['video', 9, 'inactive'],
  ];
  const unused = [
    ['audio', 9, 'sendrecv'],
    ['video', 9, 'inactive'],
  ];
  assert.deepEqual(ids(withSections(unused, refusedOne)), []);
  // In a bundle, only the first section of an offer has a port.
  const bundled = [
    ['audio', 9, 'inactive'],
    ['video', 0, 'sendrecv'],
  ];
  const answered = [
    ['audio', 9, 'inactive'],
    ['video', 9, 'inactive'],
  ];
  assert.deepEqual(ids(withSections(bundled, answered)), ['answer-inactive']);
});

test('a sender without a track, and one that is not active, are silent on purpose', () => {
  const quiet = { source: 0, encoded: 0, packets: 0, isIn: false, bytesIn: 100 };
  const events = [negotiated(), tracks(), given()];
  const withoutTrack = answersOf('chromium', { ...quiet, sends: '' }).map((answer) => ({
    ...answer,
    reports: answer.reports.filter(({ type }) => type !== 'media-source'),
  }));
  assert.deepEqual(ids(events, withoutTrack), []);
  assert.deepEqual(ids(events, answersOf('chromium', { ...quiet, more: { active: false } })), []);
});

test('each finding says how one can tell, and leads to its line', () => {
  const [one] = found([usual, given(), refused('NotAllowedError')]);
  assert.equal(one.of, 'The <video> of line 8');
  assert.equal(one.line, 9);
  assert.equal(one.evidence, 'play() was refused at 20 ms (NotAllowedError), and the element is paused and not muted.');
});
