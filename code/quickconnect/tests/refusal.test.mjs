// @ts-check
// What a page is told when its WebSocket does not open: the server's own reason, where there is one.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { createSignaling } from '../js/signaling.js';

/** The endpoint that says why a page is refused: the last of the default ones. */
const QUESTION = 'POST /primus';

/** A WebSocket that is refused, as far as a page can know. Counts them. */
class Refused {
  static count = 0;
  /** @type {((event: { code: number }) => void) | null} */
  onclose = null;
  constructor() {
    Refused.count += 1;
    setTimeout(() => this.onclose?.({ code: 1006 }));
  }
  close() {}
}

/**
 * The first error of a client whose sockets are refused by a server that answers requests so, and what it was asked.
 * @param {{ status: number, body: string }} [answer] without one, nobody is there
 * @param {(client: ReturnType<typeof createSignaling>) => void} [meanwhile] while the question is on its way
 */
async function told(answer, meanwhile) {
  /** @type {string[]} */
  const asked = [];
  /** @type {ReturnType<typeof createSignaling>} */
  let client;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!answer) return request.socket.destroy();
    meanwhile?.(client);
    response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(answer.body);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const { WebSocket } = globalThis;
  Object.assign(globalThis, { WebSocket: Refused });
  Refused.count = 0;
  /** @type {string[]} */
  const errors = [];
  const options = { endpoints: ['/', '/primus'], timeout: 1_000, reconnect: false };
  const silent = { onready() {}, onmessage() {}, onaway() {}, log() {} };
  try {
    await new Promise((done) => {
      const onerror = (/** @type {Error} */ error) => done(errors.push(error.message));
      client = createSignaling(`http://127.0.0.1:${port}`, options, { ...silent, onerror });
      client.open();
      if (meanwhile) server.on('request', (_, response) => response.on('close', () => setImmediate(done, undefined)));
    });
  } finally {
    Object.assign(globalThis, { WebSocket });
    server.close();
    server.closeAllConnections();
  }
  return { errors, asked, sockets: Refused.count, address: `ws://127.0.0.1:${port}/` };
}

test('the reason of a server that refuses the page is the error, once all endpoints were tried', async () => {
  for (const status of [403, 421]) {
    const { errors, asked, sockets } = await told({ status, body: 'Origin: x. Start it with --allow-origin x.\n' });
    assert.deepEqual(errors, ['the signaling server refuses this page: Origin: x. Start it with --allow-origin x.']);
    // A request that was answered with 421 is sent again, over another connection (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch).
    assert.deepEqual([...new Set(asked)], [QUESTION]);
    assert.equal(sockets, 2);
  }
});

test('a thousand characters of a reason are told', async () => {
  const { errors } = await told({ status: 403, body: 'x'.repeat(2_000) });
  assert.equal(errors[0], `the signaling server refuses this page: ${'x'.repeat(1_000)}`);
});

test('what other servers answer, and no answer, are no reasons', async () => {
  for (const answer of [
    { status: 204, body: '' },
    { status: 404, body: 'Cannot POST /primus' },
    { status: 405, body: '' },
    undefined,
  ]) {
    const { errors, address } = await told(answer);
    assert.deepEqual(errors, [`no signaling server answers at ${address}: is it running?`]);
  }
});

test('a client that was closed in the meantime is told nothing', async () => {
  const { errors, asked } = await told({ status: 403, body: 'no' }, (client) => client.close());
  assert.deepEqual([errors, asked], [[], [QUESTION]]);
});
