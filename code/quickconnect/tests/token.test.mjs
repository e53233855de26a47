// @ts-check
// The option `token`: what a server is shown, and when whoever has tokens is asked for one.

import assert from 'node:assert/strict';
import test from 'node:test';
import { createSignaling } from '../js/signaling.js';

/** The close code of a server that has let somebody in until now. */
const OVER = 4002;
/** That of one that does not let somebody in, and has said so. */
const NOT_LET_IN = 4003;
/** The one for a taken id. */
const TAKEN = 4001;

/** A WebSocket, as far as the client uses one. */
class Socket {
  /** @type {Socket[]} */
  static all = [];
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((event: { data: string }) => void) | null} */
  onmessage = null;
  /** @type {((event: { code: number }) => void) | null} */
  onclose = null;
  /** @param {string} url @param {string[]} [protocols] */
  constructor(url, protocols) {
    this.url = url;
    this.protocols = protocols;
    Socket.all.push(this);
  }
  send() {}
  close() {}
  greets() {
    this.onopen?.();
    this.onmessage?.({ data: 'primus::hello|{}' });
  }
}

/** Waits for what must happen. @param {() => unknown} condition */
async function until(condition) {
  while (!condition()) await new Promise((done) => setTimeout(done, 1));
}

/**
 * Runs a test with a client whose sockets are ours, and whose server is there.
 * @param {import('../js/index.js').Options['token']} token
 * @param {(given: { client: ReturnType<typeof createSignaling>, errors: string[] }) => Promise<void>} play
 * @param {boolean} [reconnect]
 */
async function withClient(token, play, reconnect = true) {
  const { WebSocket, fetch } = globalThis;
  Object.assign(globalThis, { WebSocket: Socket, fetch: async () => ({ status: 200 }) });
  Socket.all = [];
  /** @type {string[]} */
  const errors = [];
  const options = { endpoints: ['/', '/primus'], timeout: 1_000, reconnect, ...(token && { token }) };
  const client = createSignaling('http://127.0.0.1:1', options, {
    onready() {},
    onmessage() {},
    onaway() {},
    log() {},
    onerror: ({ message }) => errors.push(message),
  });
  try {
    client.open();
    await play({ client, errors });
  } finally {
    client.close();
    Object.assign(globalThis, { WebSocket, fetch });
  }
}

test('without a token a socket is opened at once, and offers no protocol', () =>
  withClient(undefined, async () => {
    assert.deepEqual(
      Socket.all.map(({ url, protocols }) => [url, protocols]),
      [['ws://127.0.0.1:1/', undefined]],
    );
  }));

test('a token is offered as the second of two protocols, and stands in no address', () =>
  withClient('a.b.c', async () => {
    await until(() => Socket.all.length);
    assert.deepEqual(Socket.all[0]?.protocols, ['token', 'a.b.c']);
    assert.equal(Socket.all[0]?.url, 'ws://127.0.0.1:1/');
  }));

test('a function is asked before each socket, and its promise waited for', async () => {
  let asked = 0;
  await withClient(
    async () => `token.${(asked += 1)}.x`,
    async () => {
      await until(() => Socket.all.length === 1);
      Socket.all[0]?.greets();
      Socket.all[0]?.onclose?.({ code: 1006 });
      await until(() => Socket.all.length === 2);
      assert.deepEqual(
        Socket.all.map(({ protocols }) => protocols?.[1]),
        ['token.1.x', 'token.2.x'],
      );
    },
  );
});

test('a function that returns a text is as good', () =>
  withClient(
    () => 'a.b.c',
    async () => {
      await until(() => Socket.all.length);
      assert.deepEqual(Socket.all[0]?.protocols, ['token', 'a.b.c']);
    },
  ));

test('the end of the session of a token is no error, nor is a refusal that the server has told itself: a new one is asked for', async () => {
  for (const code of [OVER, NOT_LET_IN]) {
    let asked = 0;
    await withClient(
      async () => `token.${(asked += 1)}.x`,
      async ({ errors }) => {
        await until(() => Socket.all.length === 1);
        Socket.all[0]?.greets();
        Socket.all[0]?.onclose?.({ code });
        await until(() => Socket.all.length === 2);
        assert.deepEqual([errors, asked], [[], 2]);
      },
    );
  }
});

test('who shall not reconnect does not come back then either, and is told', () =>
  withClient(
    'a.b.c',
    async ({ errors }) => {
      await until(() => Socket.all.length === 1);
      Socket.all[0]?.greets();
      Socket.all[0]?.onclose?.({ code: OVER });
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? '', /went away/);
    },
    false,
  ));

test('who was taken over asks for no token', async () => {
  let asked = 0;
  await withClient(
    async () => `token.${(asked += 1)}.x`,
    async ({ errors }) => {
      await until(() => Socket.all.length === 1);
      Socket.all[0]?.greets();
      Socket.all[0]?.onclose?.({ code: TAKEN });
      assert.deepEqual([errors, asked], [['another connection has taken our id'], 1]);
    },
  );
});

test('what the function throws is an error, once, and it is asked again', async () => {
  let asked = 0;
  await withClient(
    () => {
      asked += 1;
      if (asked < 3) throw new Error('logged out');
      return 'a.b.c';
    },
    async ({ errors }) => {
      await until(() => Socket.all.length === 1);
      assert.deepEqual([errors, asked], [['logged out'], 3]);
    },
  );
});

test('a client that was closed while a token was on its way opens no socket and is told nothing', async () => {
  for (const settle of ['resolve', 'reject']) {
    /** @type {Record<string, (value?: any) => void>} */
    let promised = {};
    await withClient(
      () => new Promise((resolve, reject) => (promised = { resolve, reject })),
      async ({ client, errors }) => {
        await until(() => promised[settle]);
        client.close();
        promised[settle]?.(settle === 'resolve' ? 'a.b.c' : new Error('too late'));
        await new Promise(setImmediate);
        assert.deepEqual([Socket.all, errors], [[], []]);
      },
    );
  }
});

test('who is asked may throw anything', async () => {
  let asked = 0;
  await withClient(
    () => {
      asked += 1;
      if (asked === 1) throw 'logged out';
      return asked === 2 ? Promise.reject() : 'a.b.c';
    },
    async ({ errors }) => {
      await until(() => Socket.all.length === 1);
      assert.deepEqual([errors, asked], [['logged out'], 3]);
    },
  );
});

test('what is thrown late changes nothing for a client that was closed and opened again', async () => {
  /** @type {((error: Error) => void)[]} */
  const rejects = [];
  await withClient(
    () => (rejects.length === 0 ? new Promise((_, reject) => rejects.push(reject)) : 'a.b.c'),
    async ({ client, errors }) => {
      await until(() => rejects.length === 1);
      client.close();
      client.open();
      await until(() => Socket.all.length === 1);
      Socket.all[0]?.greets();
      rejects[0]?.(new Error('too late'));
      await new Promise(setImmediate);
      assert.deepEqual([errors, Socket.all.length], [[], 1]);
    },
  );
});
