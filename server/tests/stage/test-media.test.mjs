// @ts-check
// The library test-media without a browser: its clock, its settings, what ends with a track, and how a pair negotiates.

import assert from 'node:assert/strict';
import test from 'node:test';
import { ageOf, cellsOf } from '../../../code/test-media/clock.js';
import { pair, pictureAge, testCard, testVoice } from '../../../code/test-media/index.js';

const globals = /** @type {any} */ (globalThis);
const levels = (/** @type {number} */ time, black = 0, white = 255) =>
  cellsOf(time).map((isWhite) => (isWhite ? white : black));

test('the time in the cells says how old a picture is, also when they are grey, and when the clock has started anew', () => {
  const time = 1_796_000_000_123;
  assert.equal(ageOf(levels(time), time), 0);
  assert.equal(ageOf(levels(time), time + 41), 41);
  assert.equal(ageOf(levels(time, 60, 190), time + 63_000), 63_000);
  const last = 2 ** 16 * 1_000 - 1;
  assert.equal(ageOf(levels(last), last + 20), 20);
});

test('a clock that is ahead makes an age below nothing', () => {
  const time = 1_796_000_000_123;
  assert.equal(ageOf(levels(time + 500), time), -500);
});

test('a size or a rate that is out of range is told in words', () => {
  globals.document = { createElement: () => ({ getContext: () => null }) };
  const says = (/** @type {any} */ options) => {
    try {
      testCard(options);
    } catch (error) {
      return String(error);
    }
  };
  assert.equal(says({ width: 20 }), 'RangeError: testCard: width is 20, which is out of range: it may be 80 to 1920.');
  assert.match(String(says({ height: Number.NaN })), /height is NaN/);
  assert.match(String(says({ fps: '30' })), /fps is 30, which is out of range: it may be 1 to 60/);
  assert.match(String(says({})), /^Error: testCard: this browser can’t make a track of a canvas/);
});

/** A worker that ticks when it is told to. */
class FakeWorker {
  /** @type {FakeWorker[]} */
  static all = [];
  isTerminated = false;
  onmessage = () => {};
  addEventListener() {}
  constructor() {
    FakeWorker.all.push(this);
  }
  terminate() {
    this.isTerminated = true;
  }
}

test('a card is painted at once and at each tick, and its worker ends with the track', () => {
  let painted = 0;
  const track = { readyState: 'live' };
  const canvas = {
    getContext: () => ({ canvas: { width: 80, height: 45 }, fillRect() {}, fillText: () => (painted += 1) }),
    captureStream: () => ({ getVideoTracks: () => [track] }),
  };
  globals.document = { createElement: () => canvas };
  globals.Worker = FakeWorker;
  FakeWorker.all = [];
  assert.equal(testCard({ width: 80, height: 45, fps: 5 }), track);
  const [worker] = FakeWorker.all;
  const first = painted;
  assert.ok(first > 0);
  worker.onmessage();
  const second = painted;
  assert.ok(second > first);
  worker.onmessage();
  assert.equal(painted, second, 'a tick that has waited counts as one with the one before');
  track.readyState = 'ended';
  // The next tick that counts is half a period later.
  const { now } = performance;
  performance.now = () => now.call(performance) + 10_000;
  worker.onmessage();
  performance.now = now;
  assert.ok(worker.isTerminated);
});

test('the age of what is no video, or has no picture, is told', () => {
  globals.HTMLVideoElement = class {
    videoWidth = 0;
    videoHeight = 0;
  };
  assert.throws(() => pictureAge(/** @type {any} */ ({ videoWidth: 5 })), /pictureAge: this is no <video> element/);
  assert.ok(Number.isNaN(pictureAge(new globals.HTMLVideoElement())));
});

test('a voice that the browser does not start says why, and leaves no audio context behind', async (context) => {
  await assert.rejects(testVoice(), /no Web Audio/);
  let isClosed = false;
  globals.AudioContext = class {
    resume = () => new Promise(() => {});
    close = async () => void (isClosed = true);
  };
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const voice = testVoice();
  context.mock.timers.tick(10_000);
  await assert.rejects(voice, /has not started in 10 s\. Is there a sound device\?/);
  assert.ok(isClosed);
  delete globals.AudioContext;
});

/** A connection of which only the negotiation is there. It needs one again if its need is not met by what it agrees on. */
class FakeConnection extends EventTarget {
  /** @type {string[]} */
  static calls = [];
  static names = 'ab';
  signalingState = 'stable';
  localDescription = { type: '' };
  needs = false;
  constructor() {
    super();
    this.name = FakeConnection.names[0];
    FakeConnection.names = FakeConnection.names.slice(1);
  }
  need() {
    this.needs = true;
    this.dispatchEvent(new Event('negotiationneeded'));
  }
  async setLocalDescription() {
    const isOffer = this.signalingState === 'stable';
    this.localDescription = { type: isOffer ? 'offer' : 'answer' };
    this.signalingState = isOffer ? 'have-local-offer' : 'stable';
    this.needs = false;
    FakeConnection.calls.push(`${this.name} ${this.localDescription.type}`);
  }
  async setRemoteDescription(/** @type {{ type: string }} */ { type }) {
    this.signalingState = type === 'offer' ? 'have-remote-offer' : 'stable';
  }
}

/** @returns {[FakeConnection, FakeConnection]} */
function fakePair() {
  globals.RTCPeerConnection = FakeConnection;
  FakeConnection.calls = [];
  FakeConnection.names = 'ab';
  return /** @type {any} */ (pair());
}

const settled = () => new Promise((done) => setTimeout(done, 0));

test('a pair negotiates for whoever needs it, one exchange after another', async () => {
  const [a, b] = fakePair();
  a.need();
  await settled();
  b.need();
  await settled();
  assert.deepEqual(FakeConnection.calls, ['a offer', 'b answer', 'b offer', 'a answer']);
});

test('when both need it at once, the answer has what the second needed', async () => {
  const [a, b] = fakePair();
  a.need();
  b.need();
  await settled();
  assert.deepEqual(FakeConnection.calls, ['a offer', 'b answer']);
});

test('what is needed during an exchange makes another one', async () => {
  const [a, b] = fakePair();
  const answer = b.setLocalDescription.bind(b);
  b.setLocalDescription = async () => {
    await answer();
    // As a browser says it, as soon as the state is stable again.
    if (FakeConnection.calls.length === 2) b.need();
  };
  a.need();
  await settled();
  assert.deepEqual(FakeConnection.calls, ['a offer', 'b answer', 'b offer', 'a answer']);
});

test('each of a pair is told the candidates of the other, until that is closed', () => {
  const [a, b] = fakePair();
  /** @type {unknown[]} */
  const told = [];
  Object.assign(b, { addIceCandidate: (/** @type {unknown} */ candidate) => told.push(candidate) });
  const found = (/** @type {unknown} */ candidate) => Object.assign(new Event('icecandidate'), { candidate });
  a.dispatchEvent(found('first'));
  b.signalingState = 'closed';
  a.dispatchEvent(found('second'));
  a.need();
  assert.deepEqual(told, ['first']);
  assert.deepEqual(FakeConnection.calls, []);
});
