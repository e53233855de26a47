// @ts-check
// The socket of an attendee's page: a connection that is cut without a word is noticed, one that is slow or quiet is left alone, and attempts get rarer.

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { openAttendance } from '../../../book/stage/workshop/attend-socket.js';

/** All that were opened. @type {Socket[]} */
let sockets = [];
/** By the clock of the page, in ms. */
let now = 0;
const STEP = 1_000;

/** A socket without a server. */
class Socket {
  static OPEN = 1;
  readyState = 0;
  /** @type {string[]} */
  sent = [];
  onopen = () => {};
  onclose = () => {};
  /** @type {(event: { data: unknown }) => void} */
  onmessage = () => {};

  constructor() {
    sockets.push(this);
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(text);
  }

  /** As where the way is cut, no event follows. */
  close() {
    this.readyState = 3;
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  /** @param {object} message */
  tell(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

mock.method(performance, 'now', () => now);
mock.method(Math, 'random', () => 1);
Object.assign(globalThis, { WebSocket: Socket, addEventListener: () => {} });

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  sockets = [];
  now = 0;
});

/** In steps, as a machine that does not sleep. @param {number} ms */
function pass(ms) {
  for (let left = ms; left > 0; left -= STEP) {
    now += Math.min(left, STEP);
    mock.timers.tick(Math.min(left, STEP));
  }
}

/** Attends, and counts what the page is told. */
function attend() {
  const seen = { away: 0, /** @type {any[]} */ messages: [] };
  openAttendance('http://localhost/workshop/attend', {
    hello: () => ({ type: 'hello' }),
    onmessage: (message) => seen.messages.push(message),
    onaway: () => (seen.away += 1),
  });
  return seen;
}

/** The last socket opens, and the server says that it pings so often, in ms. @param {number} every */
function connects(every) {
  const socket = /** @type {Socket} */ (sockets.at(-1));
  socket.open();
  socket.tell({ type: 'ping', every });
  return socket;
}

test('a Wi-Fi that is cut without a word is noticed after two pings that did not come, and the page comes back', () => {
  const seen = attend();
  const socket = connects(25_000);
  pass(49_999);
  assert.equal(seen.away, 0);
  pass(1);
  assert.deepEqual([seen.away, socket.readyState], [1, 3]);
  pass(500);
  assert.equal(sockets.length, 2);
  // What the first one still says, or that it closes at last, is nothing to the second one.
  socket.tell({ type: 'you' });
  socket.onclose();
  assert.deepEqual([seen.away, seen.messages.length], [1, 1]);
  connects(25_000);
  assert.deepEqual(sockets[1].sent, ['{"type":"hello"}']);
});

test('whatever the server says shows that it is there, however late a ping comes', () => {
  const seen = attend();
  const socket = connects(25_000);
  for (const message of [{ type: 'said', text: 'x' }, { type: 'ping', every: 25_000 }, { type: 'timer' }]) {
    pass(45_000);
    socket.tell(message);
  }
  pass(45_000);
  assert.deepEqual([seen.away, sockets.length], [0, 1]);
});

test('a server that says nothing of pings may be silent, and none makes a page wait for days', () => {
  const quiet = attend();
  sockets[0].open();
  sockets[0].tell({ type: 'you' });
  pass(3_600_000);
  assert.equal(quiet.away, 0);
  for (const every of [0, -1, 'x', null]) sockets[0].tell({ type: 'ping', every });
  pass(3_600_000);
  assert.equal(quiet.away, 0);
  sockets[0].tell({ type: 'ping', every: 1e12 });
  pass(600_000);
  assert.equal(quiet.away, 1);
});

test('on a slow link each attempt has twice the time of the one before, up to a bound', () => {
  attend();
  for (const patience of [10_000, 20_000, 40_000, 80_000, 80_000]) {
    const count = sockets.length;
    pass(patience - 1);
    assert.equal(/** @type {Socket} */ (sockets.at(-1)).readyState, 0, `${patience}`);
    pass(1);
    assert.equal(/** @type {Socket} */ (sockets.at(-1)).readyState, 3, `${patience}`);
    for (let waited = 0; sockets.length === count; waited += STEP) {
      assert.ok(waited < 15_000, 'the next attempt comes');
      pass(STEP);
    }
  }
  // It opens, and the hello is under way for long.
  const slow = /** @type {Socket} */ (sockets.at(-1));
  pass(40_000);
  slow.open();
  pass(30_000);
  slow.tell({ type: 'you' });
  pass(600_000);
  assert.equal(slow.readyState, 1);
});

test('nobody attends before the reader has said who they are', () => {
  let isHeld = true;
  const socket = openAttendance('http://localhost/workshop/attend', {
    hello: () => ({ type: 'hello' }),
    onmessage: () => {},
    onaway: () => {},
    isHeld: () => isHeld,
  });
  pass(60_000);
  assert.deepEqual([sockets.length, socket.send({ type: 'hand' })], [0, false]);
  isHeld = false;
  socket.begin();
  socket.begin();
  assert.equal(sockets.length, 1);
});

test('attempts get rarer until a connection has stood for a while', () => {
  attend();
  for (const wait of [500, 1_000, 2_000]) {
    connects(25_000).onclose();
    pass(wait - 1);
    const count = sockets.length;
    pass(1);
    assert.equal(sockets.length, count + 1, `${wait}`);
  }
  const good = connects(25_000);
  pass(10_001);
  good.onclose();
  const count = sockets.length;
  pass(500);
  assert.equal(sockets.length, count + 1);
});
