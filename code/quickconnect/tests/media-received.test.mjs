// What `rtc-quickconnect/media` tells of what others send: in which state it is, and its figures.

import assert from 'node:assert/strict';
import test from 'node:test';
import { figuresOf } from '../js/media/figures.js';
import { createMedia, watchQuality } from '../js/media/index.js';
import { isTold, look, UNKNOWN } from '../js/media/state.js';
import { Connection, createQuickConnect, streamOf, trackOf, until } from './media-fakes.mjs';

/** What is known after several looks, each over a second. @param {string} kind @param {...object} looks */
const after = (kind, ...looks) =>
  looks.reduce(
    (known, seen) => look(known, { kind, isMuted: false, packets: 0, level: undefined, period: 1_000, ...seen }),
    UNKNOWN,
  ).state;

test('what a peer says that it has muted is read as a list of kinds and streams, and nothing else is', () => {
  assert.equal(isTold(['audio'], 'audio', []), true);
  assert.equal(isTold(['audio'], 'video', ['s']), false);
  assert.equal(isTold(['video s'], 'video', ['r', 's']), true);
  assert.equal(isTold(['video s'], 'video', ['r']), false);
  for (const odd of [undefined, null, true, 'audio', { audio: true }, [['audio']], [null, {}, 1]])
    assert.equal(isTold(odd, 'audio', ['s']), false);
  const long = [...Array.from({ length: 64 }, () => 'x'), 'audio'];
  assert.equal(isTold(long, 'audio', []), false);
});

test('a voice is live while it is heard, silent while its packets say nothing, and stalled when none come', () => {
  const [voice, silence] = [
    { packets: 50, level: 0.2 },
    { packets: 50, level: 0 },
  ];
  assert.equal(after('audio', voice), 'live');
  assert.equal(after('audio', voice, silence), 'silent');
  assert.equal(after('audio', silence, voice), 'live');
  assert.equal(after('audio', voice, {}), 'live', 'nothing for a second is too early to say');
  assert.equal(after('audio', voice, {}, {}), 'stalled');
  assert.equal(after('audio', {}), undefined);
  assert.equal(after('audio', { packets: 50 }), 'live', 'a browser that tells no level knows nothing of silence');
});

test('a picture is live while its packets come, whatever they show', () => {
  assert.equal(after('video', { packets: 3 }), 'live');
  assert.equal(after('video', { packets: 3 }, {}, {}), 'stalled');
  assert.equal(after('video', { packets: 3 }, {}, { packets: 1 }, {}), 'live');
});

test('muted is told apart from silent and from stalled by what its sender says', () => {
  const muted = { isMuted: true };
  assert.equal(after('audio', { ...muted, packets: 50, level: 0 }), 'muted');
  assert.equal(after('video', muted, muted, muted, muted), 'muted');
  assert.equal(after('video', muted, muted, muted, {}), 'muted', 'unmuted, and nothing has come yet');
  assert.equal(after('video', muted, muted, muted, {}, { packets: 1 }), 'live');
  assert.equal(after('video', muted, muted, {}, {}), 'stalled');
});

test('a voice that is heard although it is said to be muted is live, but not because of what was said before', () => {
  const heard = { isMuted: true, packets: 50, level: 0.2 };
  assert.equal(after('audio', heard), 'muted');
  assert.equal(after('audio', heard, heard, heard), 'muted');
  assert.equal(after('audio', heard, heard, heard, heard), 'live');
  assert.equal(after('audio', heard, heard, heard, heard, { isMuted: true, packets: 50, level: 0 }), 'muted');
});

/** A call with bob, who sends a picture: looked at ten times a second. */
function createCall() {
  const room = createQuickConnect();
  const media = createMedia(room.qc, { every: 100 });
  const pc = room.calls('bob');
  const track = trackOf('video');
  const { mid } = pc.receives(track);
  const stream = streamOf(track);
  room.qc.calls.get('bob').streams.push(stream);
  const report = (packetsReceived) => ({
    type: 'inbound-rtp',
    id: 'I',
    kind: 'video',
    mid,
    timestamp: packetsReceived,
    packetsReceived,
  });
  /** @type {string[]} */
  const states = [];
  media.on('state', (id, of, state) => states.push(`${id} ${of === track} ${state}`));
  return { ...room, media, pc, track, stream, report, states };
}

test('a peer that says that it is muted is believed at once, and is live again when something comes', async () => {
  const { starts, ends, announces, media, pc, track, stream, report, states } = createCall();
  pc.answers = Array.from({ length: 4 }, (_, i) => [report(i)]);
  starts('bob');
  await until(() => states.length === 1);
  announces('bob', { muted: [`video ${stream.id}`] });
  assert.deepEqual(states, ['bob true live', 'bob true muted']);
  assert.equal(media.stateOf(track), 'muted');
  announces('bob', { muted: [] });
  pc.answers = Array.from({ length: 50 }, (_, i) => [report(10 + i)]);
  await until(() => states.length === 3);
  assert.equal(states[2], 'bob true live');
  ends('bob');
});

test('who was muted before the call is so from its start', async () => {
  const { qc, starts, ends, states } = createCall();
  qc.peers.get('bob').data = { muted: ['video'] };
  starts('bob');
  await Promise.resolve();
  assert.deepEqual(states, ['bob true muted']);
  ends('bob');
});

test('a call that is over, and one that nobody wants to know of, is asked for nothing', async () => {
  const { starts, ends, pc } = createCall();
  starts('bob');
  await until(() => pc.asked === 2);
  ends('bob');
  const room = createQuickConnect();
  const media = createMedia(room.qc, { every: 0 });
  const quiet = room.calls('carol');
  room.starts('carol');
  await new Promise((done) => setTimeout(done, 250));
  assert.deepEqual([pc.asked, quiet.asked, media.stateOf(trackOf('video'))], [2, 0, undefined]);
});

test('figures end with the loop, with the signal and with the connection, and the period has bounds', async () => {
  const pc = new Connection();
  for await (const figures of watchQuality(pc, { every: 100 })) {
    assert.deepEqual(figures, []);
    break;
  }
  const over = new AbortController();
  setTimeout(() => over.abort(), 20);
  for await (const _ of watchQuality(pc, { every: 60_000, signal: over.signal })) assert.fail('it is over');
  setTimeout(() => pc.close(), 20);
  for await (const _ of watchQuality(pc, { every: 60_000 })) assert.fail('it is closed');
  for await (const _ of watchQuality(pc)) assert.fail('it was closed before');
  for (const every of [99, 60_001, Number.NaN, 0])
    assert.throws(() => watchQuality(pc, { every }), /every is .*, which is out of range: it may be 100 to 60000 ms/);
});

test('what a connection throws that is not closed reaches the reader', async () => {
  const pc = new Connection();
  pc.getStats = () => Promise.reject(new Error('out of order'));
  await assert.rejects(watchQuality(pc).next(), /out of order/);
});

test('the level is the highest of the period, and what stands for an earlier packet is no level', async () => {
  const pc = new Connection();
  const { mid, source } = pc.receives(trackOf('audio'));
  pc.answers = [[{ type: 'inbound-rtp', id: 'I', kind: 'audio', mid, timestamp: 0, packetsReceived: 0 }]];
  Object.assign(source, { audioLevel: 0.5, timestamp: 1 });
  const watch = watchQuality(pc, { every: 100 });
  const levels = async () => (await watch.next()).value.map(({ level }) => level);
  assert.deepEqual(await levels(), [0.5]);
  assert.deepEqual(await levels(), [undefined]);
  await watch.return();
});

const map = (...reports) => new Map(reports.map((report) => [report.id, report]));

test('figures of what is sent are what counters have grown by, what the other side reports, and what limits it', () => {
  const sent = (second) => ({
    ...{ type: 'outbound-rtp', id: 'O', timestamp: 1_000 * second, kind: 'video', mid: '1', rid: 'h' },
    ...{ codecId: 'C', remoteId: 'R', mediaSourceId: 'S', bytesSent: 25_000 * second, packetsSent: 30 * second },
    ...{ framesEncoded: 15 * second, frameWidth: 640, frameHeight: 360, qualityLimitationReason: 'bandwidth' },
  });
  const remote = { type: 'remote-inbound-rtp', id: 'R', fractionLost: 0.1, jitter: 0.004, roundTripTime: 0.05 };
  const others = [remote, { type: 'codec', id: 'C', mimeType: 'video/VP8' }, { type: 'media-source', id: 'S' }];
  const [figure, ...rest] = figuresOf(map(sent(1)), map(sent(3), ...others), new Map());
  assert.deepEqual(rest, []);
  assert.deepEqual(figure, {
    ...{ mid: '1', kind: 'video', direction: 'send', rid: 'h', codec: 'VP8', bitrate: 200_000, packets: 60 },
    ...{ lost: 0.1, jitter: 4, roundTrip: 50, delay: undefined, width: 640, height: 360, framesPerSecond: 15 },
    ...{ freezes: undefined, frozen: undefined, level: undefined, limitedBy: 'bandwidth' },
  });
});

test('figures of what is received have the part that was lost, the buffer and the freezes', () => {
  const got = (second, more) => ({
    ...{ type: 'inbound-rtp', id: 'I', timestamp: 1_000 * second, kind: 'video', mid: '0', jitter: 0.01 },
    ...{ bytesReceived: 1_000 * second, packetsReceived: 90 * second, packetsLost: 10 * second },
    ...{ jitterBufferDelay: 3 * second, jitterBufferEmittedCount: 30 * second, framesDecoded: 30 * second, ...more },
  });
  const before = map(got(1, { freezeCount: 0, totalFreezesDuration: 0 }));
  const [figure] = figuresOf(before, map(got(2, { freezeCount: 1, totalFreezesDuration: 0.4 })), new Map());
  assert.deepEqual(
    [figure.direction, figure.bitrate, figure.packets, figure.lost, figure.jitter, figure.delay],
    ['receive', 8_000, 90, 0.1, 10, 100],
  );
  assert.deepEqual([figure.framesPerSecond, figure.freezes, figure.frozen], [30, 1, 400]);
});

test('what a browser does not tell is undefined, and what it counts anew is counted from 0', () => {
  const bare = { type: 'inbound-rtp', id: 'I', kind: 'audio', timestamp: 2_000 };
  const [figure] = figuresOf(map(), map(bare), new Map());
  assert.deepEqual([figure.mid, figure.bitrate, figure.packets], ['', 0, 0]);
  assert.deepEqual([figure.lost, figure.delay, figure.codec, figure.level], Array(4).fill(undefined));
  const first = { type: 'codec', id: 'C', timestamp: 1_000 };
  const [fresh] = figuresOf(map(first), map({ ...bare, packetsReceived: 7, bytesReceived: 125 }), new Map());
  assert.deepEqual([fresh.packets, fresh.bitrate], [7, 1_000]);
  const [again] = figuresOf(map({ ...bare, packetsReceived: 90 }), map({ ...bare, packetsReceived: 5 }), new Map());
  assert.equal(again.packets, 0);
  const many = map(...Array.from({ length: 200 }, (_, i) => ({ ...bare, id: `I${i}` })));
  assert.equal(figuresOf(map(), many, new Map()).length, 128);
});
