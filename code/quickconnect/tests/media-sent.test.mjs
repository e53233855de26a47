// What `rtc-quickconnect/media` does to what we send: mute, another camera, bounds and layers, in calls that are up and in those that come.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createMedia } from '../js/media/index.js';
import { createQuickConnect, streamOf, trackOf, until } from './media-fakes.mjs';

/** A quickconnect that sends a camera and a microphone, and looks at nothing. @param {object} [options] */
function createRoom(options) {
  const room = createQuickConnect();
  const media = createMedia(room.qc, { every: 0, ...options });
  const [camera, microphone] = [trackOf('video'), trackOf('audio')];
  const stream = streamOf(camera, microphone);
  room.qc.addStream(stream);
  return { ...room, media, camera, microphone, stream };
}

/** Whether the sender of a track sends. @param {import('./media-fakes.mjs').Connection} pc @param {object} track */
const isActive = (pc, track) =>
  pc.senders.find((sender) => sender.track === track).encodings.every(({ active }) => active);

test('what is muted is disabled at once, then its encodings are off in every call, and the others are told', async () => {
  const { qc, calls, media, camera, microphone } = createRoom();
  const all = [calls('bob'), calls('carol')];
  const done = media.setMuted('video', true);
  assert.deepEqual([camera.enabled, microphone.enabled, media.isMuted('video')], [false, true, true]);
  await done;
  for (const pc of all) assert.deepEqual([isActive(pc, camera), isActive(pc, microphone)], [false, true]);
  await media.setMuted('video', false);
  assert.equal(camera.enabled, true);
  for (const pc of all) assert.equal(isActive(pc, camera), true);
  assert.deepEqual(qc.profiled, [{ muted: ['video'] }, { muted: [] }]);
});

test('who is muted before a call is muted in it, and so is what is added later', async () => {
  const { qc, calls, media, microphone } = createRoom();
  await media.setMuted('audio', true);
  const pc = calls('bob');
  await until(() => !isActive(pc, microphone));
  const another = trackOf('audio');
  qc.addStream(streamOf(another));
  assert.equal(another.enabled, false);
  await until(() => !isActive(pc, another));
});

test('a stream is muted without another of the same kind', async () => {
  const { qc, calls, media, camera, stream } = createRoom();
  const screen = trackOf('video');
  const shared = streamOf(screen);
  qc.addStream(shared);
  const pc = calls('bob');
  await media.setMuted('video', true, stream);
  assert.deepEqual([camera.enabled, screen.enabled], [false, true]);
  assert.deepEqual([isActive(pc, camera), isActive(pc, screen)], [false, true]);
  assert.deepEqual([media.isMuted('video', stream), media.isMuted('video', shared)], [true, false]);
  assert.deepEqual(qc.profiled, [{ muted: [`video ${stream.id}`] }]);
});

test('a track that the page has disabled itself is not enabled, nor an encoding that it has switched off', async () => {
  const { calls, media, camera, microphone } = createRoom();
  const pc = calls('bob');
  const [, sender] = pc.senders;
  camera.enabled = false;
  sender.encodings[0].active = false;
  await media.setMuted('video', true);
  await media.setMuted('video', false);
  assert.equal(camera.enabled, false);
  assert.equal(isActive(pc, microphone), false);
});

test('of two wishes that follow each other the last one holds', async () => {
  const { calls, media, camera } = createRoom();
  const pc = calls('bob');
  await Promise.all([true, false, true, false].map((isMuted) => media.setMuted('video', isMuted)));
  assert.deepEqual([camera.enabled, isActive(pc, camera)], [true, true]);
});

test('another camera is sent in every call, and is muted if the one before was', async () => {
  const { calls, media, camera, microphone, stream } = createRoom();
  const pc = calls('bob');
  await media.setMuted('video', true);
  const back = trackOf('video');
  await media.replaceTrack(back);
  assert.deepEqual(
    pc.senders.map(({ track }) => track),
    [back, microphone],
  );
  assert.deepEqual([back.enabled, isActive(pc, back)], [false, false]);
  await media.setMuted('video', false);
  assert.deepEqual([back.enabled, isActive(pc, back), camera.enabled], [true, true, false]);
  const later = calls('carol');
  assert.ok(later.senders.some(({ track }) => track === back));
  await assert.rejects(media.replaceTrack(trackOf('video'), streamOf()), /no video is sent that could be replaced/);
  await media.replaceTrack(back, stream);
});

test('bounds hold in calls that are up and in those that come, until they are taken back', async () => {
  const { calls, media } = createRoom({ encodings: { video: [{ maxBitrate: 500_000 }] } });
  const pc = calls('bob');
  const [video, audio] = pc.senders;
  await until(() => video.encodings[0].maxBitrate === 500_000);
  await media.setEncodings('video', [{ maxFramerate: 5 }]);
  assert.deepEqual(video.encodings, [{ active: true, maxBitrate: 500_000, maxFramerate: 5 }]);
  await media.setEncodings('video', [{ maxBitrate: undefined }]);
  assert.equal(video.encodings[0].maxBitrate, undefined);
  const [later] = calls('carol').senders;
  await until(() => later.encodings[0].maxFramerate === 5);
  assert.deepEqual(audio.encodings, [{ active: true }]);
});

test('what is as it shall be is not set again', async () => {
  const { calls, media } = createRoom({ encodings: { video: [{ maxFramerate: 5 }] } });
  const pc = calls('bob');
  await media.setEncodings('video', [{ maxFramerate: 5 }]);
  pc.dispatchEvent(new Event('signalingstatechange'));
  await media.setEncodings('video', []);
  assert.deepEqual(
    pc.senders.map(({ changes }) => changes),
    [1, 0],
  );
});

test('layers begin with the call, and one of them is switched off by its name, also while it is muted', async () => {
  const layers = [{ rid: 'h' }, { rid: 'q', scaleResolutionDownBy: 4 }];
  const { calls, media, camera, microphone } = createRoom({ encodings: { video: layers } });
  const pc = calls('bob');
  assert.deepEqual(
    pc.senders.map(({ track }) => track),
    [camera, microphone],
  );
  const [{ encodings }] = pc.senders;
  assert.deepEqual(
    encodings.map(({ rid, scaleResolutionDownBy }) => [rid, scaleResolutionDownBy]),
    [
      ['h', undefined],
      ['q', 4],
    ],
  );
  const active = () => pc.senders[0].encodings.map((encoding) => encoding.active);
  await media.setEncodings('video', [{ rid: 'q', active: false }]);
  assert.deepEqual(active(), [true, false]);
  await media.setMuted('video', true);
  assert.deepEqual(active(), [false, false]);
  await media.setMuted('video', false);
  assert.deepEqual(active(), [true, false]);
});

test('what a browser refuses is told, unless it negotiates at the moment or the call is over', async () => {
  const { calls, media } = createRoom();
  /** @type {unknown[]} */
  const errors = [];
  media.on('error', (error) => errors.push(error));
  const pc = calls('bob');
  pc.senders[0].setParameters = async () => Promise.reject(new RangeError('no such rate'));
  await assert.rejects(media.setEncodings('video', [{ maxFramerate: -1 }]), /no such rate/);
  pc.dispatchEvent(new Event('signalingstatechange'));
  await until(() => errors.length === 1);
  for (const state of ['have-local-offer', 'closed']) {
    pc.signalingState = state;
    await media.setEncodings('video', [{ maxFramerate: -2 }]);
  }
  assert.equal(errors.length, 1);
});

test('what is no kind, and too many of anything, is refused in words', async () => {
  const { media } = createRoom();
  await assert.rejects(media.setMuted('camera', true), /a kind is "audio" or "video", and not camera/);
  await assert.rejects(media.setEncodings('screen', []), /a kind is/);
  const nine = Array.from({ length: 9 }, () => ({}));
  await assert.rejects(media.setEncodings('video', nine), /there are 9 encodings, and 8 are allowed/);
  assert.throws(() => createRoom({ encodings: { audio: nine } }), RangeError);
  for (let i = 0; i < 64; i += 1) await media.setMuted('video', true, streamOf());
  await assert.rejects(media.setMuted('audio', true), /64 streams are muted already/);
});

test('who has closed it follows no call any more', async () => {
  const { calls, listening, media, camera } = createRoom();
  const pc = calls('bob');
  assert.ok(listening.size > 0);
  media.close();
  assert.equal(listening.size, 0);
  camera.enabled = true;
  await media.setMuted('video', true);
  await media.setMuted('video', false);
  pc.senders[0].encodings[0].active = false;
  pc.dispatchEvent(new Event('negotiationneeded'));
  assert.equal(isActive(pc, camera), false);
});
