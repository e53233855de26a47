// @ts-check
// The stand-in devices of demos without a browser: which device meets constraints, what the list tells, how requests fail, and what happens to
// devices in use.

import assert from 'node:assert/strict';
import test from 'node:test';
import { choose, fit } from '../../../book/stage/runner/devices/constraints.js';
import { DEVICES, infosOf } from '../../../book/stage/runner/devices/list.js';
import { createMediaDevices } from '../../../book/stage/runner/devices/media-devices.js';

const cameras = DEVICES.filter(({ kind }) => kind === 'videoinput');
const [front, back] = cameras;

/** What a choice among the cameras comes to, in words. @param {Record<string, any>} constraints */
function chosen(constraints) {
  const found = choose(cameras, constraints);
  if ('failed' in found) return `failed: ${found.failed}`;
  const { width, height, frameRate } = found.settings;
  return `${found.device === front ? 'front' : 'back'} ${width}x${height} at ${frameRate}`;
}

test('nothing asked gives the first camera as it usually is', () => {
  assert.equal(chosen({}), 'front 640x360 at 15');
  assert.equal(chosen({ colour: { exact: 'red' }, width: undefined, deviceId: null }), 'front 640x360 at 15');
});

test('what is ideal is met as well as can be, and never fails', () => {
  assert.equal(chosen({ facingMode: 'environment' }), 'back 640x480 at 15');
  assert.equal(chosen({ facingMode: { ideal: ['left', 'environment'] } }), 'back 640x480 at 15');
  assert.equal(chosen({ facingMode: 'left', deviceId: 'nope' }), 'front 640x360 at 15');
  assert.equal(chosen({ width: 320 }), 'front 320x180 at 15');
  assert.equal(chosen({ width: 320, facingMode: 'environment' }), 'back 320x240 at 15');
  assert.equal(chosen({ width: 320, height: 240 }), 'front 320x240 at 15');
  assert.equal(chosen({ width: 3_840, height: 2_160 }), 'back 1600x1080 at 15');
  assert.equal(chosen({ frameRate: { ideal: 60 } }), 'front 640x360 at 30');
});

test('what is required rules out devices, and is named if it rules out all of them', () => {
  assert.equal(chosen({ deviceId: { exact: back.deviceId } }), 'back 640x480 at 15');
  assert.equal(chosen({ width: { min: 1_500 } }), 'back 1500x1080 at 15');
  assert.equal(chosen({ frameRate: { max: 5 } }), 'front 640x360 at 5');
  assert.equal(chosen({ width: { exact: 9_999 } }), 'failed: width');
  assert.equal(chosen({ width: { min: 700, max: 600 } }), 'failed: width');
  assert.equal(chosen({ facingMode: { exact: 'left' } }), 'failed: facingMode');
  assert.equal(chosen({ deviceId: { exact: '' } }), 'failed: deviceId');
  assert.equal(chosen({ facingMode: { exact: 'user' }, width: { min: 1_500 } }), 'failed: ');
});

test('values of which both are possible are as they are wished', () => {
  const [microphone] = DEVICES;
  assert.equal(fit(microphone, { echoCancellation: false }).settings.echoCancellation, false);
  assert.equal(fit(microphone, { echoCancellation: { exact: false } }).settings.echoCancellation, false);
  assert.equal(fit(microphone, {}).settings.echoCancellation, true);
});

test('before permission the list has one of each input and says nothing of it, afterwards all of its kind', () => {
  const told = (/** @type {boolean} */ audioinput, /** @type {boolean} */ videoinput) =>
    infosOf(DEVICES, { audioinput, videoinput }).map(
      ({ kind, label, deviceId }) => `${kind}${label && ` ${label}`}${deviceId && '!'}`,
    );
  assert.deepEqual(told(false, false), ['audioinput', 'videoinput']);
  assert.deepEqual(told(false, true), [
    'audioinput',
    'videoinput Front camera (stand-in)!',
    'videoinput Back camera (stand-in)!',
  ]);
  assert.equal(told(true, false).length, 4);
  assert.equal(told(true, true).length, 5);
  assert.deepEqual(infosOf([], { audioinput: true, videoinput: true }), []);
  assert.equal(
    JSON.parse(JSON.stringify(infosOf(DEVICES, { audioinput: true, videoinput: true })[0])).kind,
    'audioinput',
  );
});

class FakeTrack extends EventTarget {
  readyState = 'live';
  enabled = true;
  label = 'of a canvas';
  stop() {
    this.readyState = 'ended';
  }
}

/** @param {string} [state] */
function frame(state = 'working') {
  /** @type {string[]} */
  const said = [];
  /** @type {unknown[]} */
  const changes = [];
  const isClicked = { now: true };
  const { mediaDevices, choose: become } = createMediaDevices({
    state,
    open: () => ({
      track: /** @type {any} */ (new FakeTrack()),
      close() {},
      change: ({ width, height }) => changes.push([width, height]),
    }),
    streamOf: (tracks) => /** @type {any} */ (Object.assign(tracks, { getTracks: () => tracks })),
    hasClick: () => isClicked.now,
    say: (words) => said.push(words.replace(' (stand-in)', '')),
    noting: (promise) => promise,
  });
  /** @param {any} [constraints] @returns {Promise<any>} */
  const give = async (constraints = { video: true }) => (await mediaDevices.getUserMedia(constraints))[0];
  /** The name of the error, with the constraint. @param {Promise<unknown>} promise */
  const failsWith = (promise) =>
    promise.then(
      () => 'nothing',
      ({ name, constraint }) => (constraint === undefined ? name : `${name} ${constraint}`),
    );
  return { mediaDevices, become, said, changes, isClicked, give, failsWith };
}

test('a track is one of its device: label, settings, and what ends it', async () => {
  const { give, said, mediaDevices } = frame();
  const before = await mediaDevices.enumerateDevices();
  assert.ok(before.every(({ label }) => label === ''));
  const track = await give({ video: { width: 320 } });
  assert.equal(track.label, 'Front camera (stand-in)');
  assert.equal(track.getSettings().height, 180);
  assert.equal(track.getSettings().facingMode, 'user');
  assert.deepEqual(track.getConstraints(), { width: 320 });
  assert.equal(track.getCapabilities().width.max, 1_280);
  assert.equal((await mediaDevices.enumerateDevices()).filter(({ label }) => label).length, 2);
  let ended = 0;
  track.addEventListener('ended', () => (ended += 1));
  track.stop();
  track.stop();
  assert.equal(track.readyState, 'ended');
  assert.equal(ended, 0, 'who stops a track is told nothing');
  assert.deepEqual(said, ['Front camera is in use.', 'Front camera is free.']);
});

test('a device is free when all its tracks have ended, clones too', async () => {
  const { give, said } = frame();
  const track = await give();
  track.enabled = false;
  const copy = track.clone();
  assert.equal(copy.enabled, false);
  assert.equal(copy.label, track.label);
  track.stop();
  assert.deepEqual(said, ['Front camera is in use.']);
  copy.stop();
  assert.deepEqual(said.slice(1), ['Front camera is free.']);
});

test('a stream that is cloned uses its devices once more', async () => {
  const { mediaDevices, said } = frame();
  const stream = await mediaDevices.getUserMedia({ video: true });
  const [track, copy] = [stream, stream.clone().clone()].map((one) => one.getTracks()[0]);
  assert.notEqual(copy, track);
  assert.equal(copy.label, track.label);
  track.stop();
  assert.deepEqual(said, ['Front camera is in use.']);
});

test('constraints are applied to a running track, or it stays as it is', async () => {
  const { give, changes, failsWith } = frame();
  const track = await give();
  await track.applyConstraints({ width: 320, frameRate: 5 });
  assert.deepEqual(changes, [[320, 180]]);
  assert.equal(track.getSettings().frameRate, 15);
  assert.equal(await failsWith(track.applyConstraints({ width: { exact: 9 } })), 'OverconstrainedError width');
  assert.equal(await failsWith(track.applyConstraints({ frameRate: { exact: 5 } })), 'OverconstrainedError frameRate');
  assert.equal(track.getSettings().width, 320);
});

test('each way to fail has its error, and constraints fail before anybody is asked', async () => {
  const { give, become, failsWith } = frame();
  assert.equal(await failsWith(give({})), 'TypeError');
  assert.equal(await failsWith(give({ audio: false, video: false })), 'TypeError');
  const impossible = { video: { width: { exact: 9_999 } } };
  for (const [state, error, stricter] of [
    ['denied', 'NotAllowedError', 'OverconstrainedError width'],
    ['busy', 'NotReadableError', 'OverconstrainedError width'],
    ['none', 'NotFoundError', 'NotFoundError'],
    ['working', 'nothing', 'OverconstrainedError width'],
  ]) {
    become(state);
    assert.equal(await failsWith(give()), error, state);
    assert.equal(await failsWith(give(impossible)), stricter, state);
  }
});

test('in turn, each request meets another state', async () => {
  const { give, failsWith } = frame('each');
  const names = [];
  for (let n = 0; n < 5; n += 1) names.push(await failsWith(give()));
  assert.deepEqual(names, ['NotAllowedError', 'NotReadableError', 'NotFoundError', 'nothing', 'nothing']);
});

test('what is unplugged ends with an event, is in the list no more, and another one can be had', async () => {
  const { give, become, said, mediaDevices } = frame();
  /** @type {string[]} */
  const events = [];
  mediaDevices.addEventListener('devicechange', () => events.push('devicechange'));
  const track = await give();
  track.addEventListener('ended', () => events.push('ended'));
  const copy = track.clone();
  become('unplugged');
  await new Promise((done) => mediaDevices.addEventListener('devicechange', done));
  assert.deepEqual(events, ['ended', 'devicechange']);
  assert.equal(copy.readyState, 'ended');
  assert.ok(said.includes('Front camera was pulled out.'));
  const labels = (await mediaDevices.enumerateDevices()).map(({ label }) => label);
  assert.ok(!labels.includes(front.label) && labels.includes(back.label));
  assert.equal((await give()).label, back.label);
  become('working');
  assert.equal(events.length, 3, 'it is plugged in again');
});

test('what is freed and taken again is pulled out 3 s after it was taken', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { give } = frame('unplugged');
  const take = () => {
    const given = give();
    mock.timers.tick(30);
    return given;
  };
  (await take()).stop();
  mock.timers.tick(2_900);
  const track = await take();
  mock.timers.tick(2_900);
  assert.equal(track.readyState, 'live');
  mock.timers.tick(100);
  assert.equal(track.readyState, 'ended');
});

test('a no that comes later ends what was given, and so does the loss of all devices', async () => {
  for (const state of ['denied', 'none']) {
    const { give, become, said } = frame();
    const track = await give();
    let ended = 0;
    track.addEventListener('ended', () => (ended += 1));
    become(state);
    assert.equal(track.readyState, 'ended', state);
    assert.equal(ended, 1, state);
    assert.equal(said.at(-1), 'Front camera is free.');
  }
});

test('a screen needs a click, takes nothing that is required, and is in no list', async () => {
  const { mediaDevices, isClicked, failsWith } = frame();
  isClicked.now = false;
  assert.equal(await failsWith(mediaDevices.getDisplayMedia()), 'InvalidStateError');
  isClicked.now = true;
  assert.equal(await failsWith(mediaDevices.getDisplayMedia({ video: false })), 'TypeError');
  assert.equal(await failsWith(mediaDevices.getDisplayMedia({ video: { width: { exact: 320 } } })), 'TypeError');
  const [track] = /** @type {any} */ (await mediaDevices.getDisplayMedia({ video: { width: 320 } }));
  assert.equal(track.getSettings().displaySurface, 'monitor');
  assert.equal(track.getSettings().width, 320);
  assert.ok((await mediaDevices.enumerateDevices()).every(({ label }) => label === ''));
});

test('the property for a listener is like that of an event target', async () => {
  const { mediaDevices, become } = frame();
  let told = 0;
  mediaDevices.ondevicechange = () => (told += 1);
  become('none');
  mediaDevices.ondevicechange = null;
  become('working');
  assert.equal(told, 1);
});
