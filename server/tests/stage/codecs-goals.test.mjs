// @ts-check
// The goals of an exercise on codecs: in which one the video is sent, by statistics.

import assert from 'node:assert/strict';
import test from 'node:test';
import { eventsOf } from '../../../book/stage/events.js';
import { createJudge } from '../../../book/stage/exercise/judge.js';
import { modelOf } from '../../../book/stage/instruments/model/model.js';
import { statsOf } from '../../../book/stage/stats.js';
import { codecsSent } from '../../../code/goals.js';
import * as late from '../../../code/media/codecs-late.goals.js';

const made = eventsOf([
  { type: 'new', on: 'pc1', at: 0 },
  { type: 'new', on: 'pc2', at: 0 },
]);

/** @param {string} on @param {object[]} reports */
const reading = (on, ...reports) =>
  /** @type {import('../../../book/stage/stats.js').Stats} */ (statsOf({ on, reports }));

/** What a connection sends, with a codec of audio before it. @param {string} mimeType */
const sends = (mimeType, framesEncoded = 20) =>
  reading(
    'pc1',
    { type: 'codec', id: 'CA', mimeType: 'audio/opus' },
    { type: 'codec', id: 'CV', mimeType },
    { type: 'outbound-rtp', kind: 'audio', codecId: 'CA' },
    { type: 'outbound-rtp', kind: 'video', codecId: 'CV', framesEncoded },
  );
const decodes = (framesDecoded = 20) =>
  reading('pc2', { type: 'inbound-rtp', kind: 'video', framesDecoded, timestamp: 5_000 });

/** @param {import('../../../book/stage/stats.js').Stats[]} readings */
const runOf = (...readings) => ({ model: modelOf(made), events: made, said: [], readings, elapsed: 3_000 });

test('the codec of a connection is that of the video it has sent, as its latest statistics say', () => {
  assert.deepEqual(codecsSent(runOf(sends('video/VP8'), decodes(), sends('video/VP9'))), ['video/VP9', '']);
  assert.deepEqual(codecsSent(runOf(sends('video/VP9', 0))), ['', ''], 'it has sent no picture');
  assert.deepEqual(codecsSent(runOf()), ['', '']);
});

test('a codec without its report is not known', () => {
  const orphan = reading('pc1', { type: 'outbound-rtp', kind: 'video', framesEncoded: 20 }, { type: 'codec' });
  assert.deepEqual(codecsSent(runOf(orphan)), ['', '']);
});

test('asked too late: pictures are not enough, and VP9 without one neither', () => {
  const judged = (/** @type {import('../../../book/stage/stats.js').Stats[]} */ ...readings) =>
    createJudge(late.goals, 2_000).look(runOf(...readings)).states;
  assert.deepEqual(judged(sends('video/VP8'), decodes()), ['met', 'missed']);
  assert.deepEqual(judged(sends('video/VP9'), decodes(3)), ['missed', 'met']);
  assert.deepEqual(judged(sends('video/VP9'), decodes()), ['met', 'met']);
});
