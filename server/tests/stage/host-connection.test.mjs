// @ts-check
// The connection of the host's page: it is made again whenever it is lost, and not without a session. The code of a session is in nobody's address.

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { createConnection } from '../../../book/stage/host/host-connection.js';
import { codeIn } from '../../../book/stage/host/host-session.js';

const VIEW = '{"type":"view","attendees":[],"pairs":[],"noTls":0,"timer":null}';

/** By the clock of the page, in ms. */
let now = 0;
mock.method(performance, 'now', () => now);
beforeEach(() => {
  now = 0;
});

/** A socket without a server. */
class Socket extends EventTarget {
  readyState = 1;
  /** @type {string[]} */
  sent = [];

  /** @param {string} text */
  send(text) {
    this.sent.push(text);
  }

  close() {
    this.readyState = 3;
  }

  /** @param {unknown} data */
  tell(data) {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }

  /** @param {string} [reason] */
  end(reason = '') {
    this.dispatchEvent(Object.assign(new Event('close'), { reason }));
  }
}

/** A connection to servers that answer so, one after the other; the last answer is repeated. @param {('given' | 'refused' | 'away')[]} states */
function connectionTo(...states) {
  /** @type {Socket[]} */
  const sockets = [];
  /** @type {string[]} */
  const happened = [];
  /** @type {() => void} */
  let onchange = () => {};
  const note = (/** @type {string} */ what) => {
    happened.push(what);
    onchange();
  };
  const connection = createConnection({
    ask: async () => ({ state: /** @type {'given'} */ (states.length > 1 ? states.shift() : states[0]), words: 'No.' }),
    open: () => {
      const socket = new Socket();
      sockets.push(socket);
      // What opens it listens to it afterwards.
      setTimeout(() => note('opened'));
      return /** @type {any} */ (socket);
    },
    ontold: ({ type }) => note(type),
    onlost: (wait, why) => note(`lost, ${wait} ms${why && `, ${why}`}`),
    onrefused: (words) => note(`refused: ${words}`),
  });
  const ending = new AbortController();
  return {
    connection,
    sockets,
    happened,
    ending,
    kept: connection.keep(ending.signal),

    /** Waits until so much has happened. @param {number} count */
    async after(count) {
      while (happened.length < count)
        await new Promise((/** @type {(nothing: void) => void} */ done) => {
          onchange = () => done();
        });
    },
  };
}

test('a browser without a session is told so, and opens no socket', async () => {
  const { happened, sockets, kept } = connectionTo('refused');
  await kept;
  assert.deepEqual(happened, ['refused: No.']);
  assert.equal(sockets.length, 0);
});

test('a connection that is lost is made again, and what a server says in the end is told', async () => {
  const { connection, happened, sockets, ending, kept, after } = connectionTo('given');
  await after(1);
  sockets[0].tell('nonsense');
  sockets[0].tell(VIEW);
  assert.ok(connection.send({ type: 'say', text: 'x' }));
  assert.deepEqual(sockets[0].sent, ['{"type":"say","text":"x"}']);
  sockets[0].end('The server\u202e stops.');
  await after(3);
  assert.ok(!connection.send({ type: 'say', text: 'y' }), 'nothing is sent in between');
  await after(4);
  assert.deepEqual(happened, ['opened', 'view', 'lost, 500 ms, The server[U+202E] stops.', 'opened']);
  ending.abort();
  await kept;
  assert.equal(sockets[1].readyState, 3, 'it is closed');
  assert.equal(sockets.length, 2);
});

test('the waits get longer until a connection has stood for a while after its first view', async () => {
  const { happened, sockets, ending, kept, after } = connectionTo('away', 'given');
  await after(2);
  sockets[0].tell(VIEW);
  now += 10_000;
  sockets[0].end();
  await after(5);
  assert.deepEqual(happened, ['lost, 500 ms', 'opened', 'view', 'lost, 1000 ms', 'opened']);
  sockets[1].tell(VIEW);
  now += 10_001;
  sockets[1].end();
  await after(7);
  assert.deepEqual(happened.slice(5), ['view', 'lost, 500 ms']);
  ending.abort();
  await kept;
});

test('a way that is cut without a word is noticed after two pings that did not come', async () => {
  const { happened, sockets, ending, kept, after } = connectionTo('given');
  await after(1);
  sockets[0].tell(VIEW);
  sockets[0].tell('{"type":"ping","every":40}');
  sockets[0].tell('{"type":"ping","every":0}');
  await after(3);
  assert.deepEqual(happened, ['opened', 'view', 'lost, 500 ms']);
  assert.equal(sockets[0].readyState, 3);
  ending.abort();
  await kept;
});

test('a session that ends meanwhile ends the attempts', async () => {
  const { happened, sockets, kept, after } = connectionTo('given', 'refused');
  await after(1);
  sockets[0].tell(VIEW);
  sockets[0].end();
  await kept;
  assert.deepEqual(happened.slice(-1), ['refused: No.']);
});

test('when the page is left nothing goes on, whatever it waits for', async () => {
  const waiting = connectionTo('away');
  await waiting.after(1);
  waiting.ending.abort();
  await waiting.kept;
  const open = connectionTo('given');
  await open.after(1);
  open.ending.abort();
  await open.kept;
  assert.deepEqual(open.happened, ['opened']);
  assert.equal(open.sockets[0].readyState, 3);
});

test('a code is what stands behind its name in the fragment, bounded', () => {
  assert.equal(codeIn('#code=abc-_9'), 'abc-_9');
  assert.equal(codeIn('#code='), '');
  assert.equal(codeIn(`#code=${'x'.repeat(1_000)}`)?.length, 200);
  for (const other of ['', '#', '#demo-createoffer.js', '#~amber-otter', '#encode=abc'])
    assert.equal(codeIn(other), undefined);
});
