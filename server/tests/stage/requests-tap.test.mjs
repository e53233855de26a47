// @ts-check
// Which requests of a demo's code its page is given, and how many of them.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import vm from 'node:vm';
import { partsThere, scriptOfPart } from './runner-part.mjs';

const RUNNER = '../../../book/stage/runner/';
const [ROOT, SCRIPT] = await Promise.all(
  ['book-root.js', 'tap/requests.js'].map((name) => readFile(new URL(RUNNER + name, import.meta.url), 'utf8')),
);
const ASK_PAGE = await scriptOfPart('ask-page');

/** The tap in an iframe at this address, what it sends to the page, and what goes another way. @param {string} href */
function iframeAt(href) {
  /** @type {any[]} */
  const sent = [];
  /** @type {unknown[]} */
  const native = [];
  /** What is to be done later, by when. @type {[act: () => void, after: number][]} */
  const timers = [];
  const clock = { now: 0 };
  const then = (/** @type {Promise<unknown>} */ promise, /** @type {any} */ ...handlers) => promise.then(...handlers);
  // The tap asks a document only for its base.
  const getter = (/** @type {unknown} */ _, /** @type {string} */ name) => (/** @type {any} */ object) =>
    name === 'baseURI' ? href : object[name];
  const world = {
    AbortSignal,
    document: {},
    Headers,
    fetch: async (/** @type {unknown} */ address) => native.push(address),
    location: new URL(href),
    Node: class {},
    // Node's own has no address that others are relative to.
    Request: class extends Request {
      constructor(/** @type {any} */ input, /** @type {any} */ init) {
        super(input instanceof Request ? input : new URL(input, href), init);
      }
    },
    Response,
    setTimeout: (/** @type {() => void} */ act, /** @type {number} */ after) => timers.push([act, after]),
    URL,
    stage: /** @type {any} */ ({
      apply: Reflect.apply,
      construct: Reflect.construct,
      parts: partsThere((send) => /** @type {any} */ (world).install(world.stage, send)),
      standIn: (/** @type {Function} */ target, /** @type {object} */ handler) => new Proxy(target, handler),
      recorder: {
        getter,
        now: () => clock.now,
        observer: () => ({}),
        then,
        watch: () => {},
      },
    }),
  };
  vm.createContext(world);
  vm.runInContext(ROOT, world);
  vm.runInContext(SCRIPT, world);
  ASK_PAGE.runInContext(world);
  const answer = world.stage.tapRequests((/** @type {unknown} */ request) => sent.push(request));
  return { answer, clock, fetch: /** @type {any} */ (world.fetch), native, sent, timers };
}

const settled = () => new Promise(setImmediate);

test('the page is given what is for its endpoints, wherever the book is', async () => {
  for (const root of ['/', '/guide/', '/stage/']) {
    const { fetch, sent } = iframeAt(`http://book.example${root}v/0f/stage/runner.html`);
    fetch(`${root}line`);
    fetch(`http://book.example${root}lab/0f/packets?after=7`, { method: 'GET' });
    fetch('../ice', { method: 'POST', body: '{}' });
    const headers = { 'content-type': 'application/sdp', authorization: 'Bearer k' };
    fetch(`${root}whip/lobby`, { method: 'POST', headers, body: 'v=0' });
    await settled();
    assert.deepEqual(
      sent.map(({ method, path, body }) => [method, path, body]),
      [
        ['GET', 'line', ''],
        ['GET', 'lab/0f/packets?after=7', ''],
        ['POST', 'ice', '{}'],
        ['POST', 'whip/lobby', 'v=0'],
      ],
      root,
    );
    assert.deepEqual([sent[3].contentType, sent[3].authorization], ['application/sdp', 'Bearer k']);
  }
});

test('below a prefix, what a demo asks for at the root of the host is asked for at the root of the book', async () => {
  const { fetch, native, sent } = iframeAt('http://book.example/guide/v/0f/stage/runner.html');
  fetch('/line');
  fetch('http://book.example/ice', { method: 'POST' });
  await settled();
  assert.deepEqual(
    sent.map(({ method, path }) => [method, path]),
    [
      ['GET', 'line'],
      ['POST', 'ice'],
    ],
  );
  // The client library asks there whether a server answers, and why it refuses.
  for (const address of ['http://book.example/', '/primus?x=1', '/guide/primus', '/elsewhere']) fetch(address);
  assert.deepEqual(native, [
    'http://book.example/guide/',
    'http://book.example/guide/primus?x=1',
    '/guide/primus',
    '/elsewhere',
  ]);
});

test('all other requests go their own way', async () => {
  const { fetch, native, sent } = iframeAt('http://book.example/guide/stage/runner.html');
  const others = [
    '/guide/',
    '/guide/lines',
    '/guide/connecting/',
    'http://other.example/guide/line',
    'data:,x',
    'http://',
  ];
  for (const address of others) fetch(address);
  await settled();
  assert.deepEqual(native, others);
  assert.deepEqual(sent, []);
});

test('the code gets the answer of its request, at the address that it has asked', async () => {
  const { answer, fetch, sent } = iframeAt('http://book.example/stage/runner.html');
  const asking = [fetch('/line'), fetch('/lab')];
  await settled();
  const body = new TextEncoder().encode('words').buffer;
  answer({ id: sent[1].id, status: 404, mediaType: 'text/plain', body });
  answer({ id: sent[0].id, status: 204, body: new ArrayBuffer(0) });
  answer({ id: 99, status: 200, body });
  const [line, lab] = await Promise.all(asking);
  assert.deepEqual([line.status, line.url], [204, 'http://book.example/line']);
  assert.deepEqual([lab.status, lab.url, await lab.text()], [404, 'http://book.example/lab', 'words']);
  assert.equal(lab.headers.get('content-type'), 'text/plain');
});

test('the code is told where a session is, by the name that its iframe has for the server', async () => {
  const { answer, fetch, sent } = iframeAt('http://frames.example/rtc/stage/runner.html');
  const asking = fetch('/whip/lobby', { method: 'POST', body: 'v=0' });
  await settled();
  const location = 'whip/lobby/id/secret';
  answer({ id: sent[0].id, status: 201, mediaType: 'application/sdp', body: new ArrayBuffer(0), location });
  const response = await asking;
  assert.equal(response.headers.get('location'), '/rtc/whip/lobby/id/secret');
});

test('a request that nobody has answered fails', async () => {
  const { answer, fetch, sent } = iframeAt('http://book.example/stage/runner.html');
  const asking = fetch('/line');
  await settled();
  answer({ id: sent[0].id, status: 0 });
  await assert.rejects(asking, { name: 'TypeError' });
});

test('the page is given so many requests in a second, and the others in the next', async () => {
  const { clock, fetch, sent, timers } = iframeAt('http://book.example/stage/runner.html');
  for (let i = 0; i < 150; i += 1) fetch('/line');
  await settled();
  assert.equal(sent.length, 100);
  assert.deepEqual([timers.length, timers[0][1]], [50, 1_000]);
  clock.now = 1_000;
  for (const [act] of timers.splice(0)) act();
  assert.equal(sent.length, 150);
});
