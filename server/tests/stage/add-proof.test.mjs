// @ts-check
// What the runner adds to addresses of sockets: the proof to those of this server, the reader's ticket to those of its signaling; and that neither is
// in what is recorded.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import vm from 'node:vm';
import { eventsOf } from '../../../book/stage/events.js';

const RUNNER_FOLDER = '../../../book/stage/runner/';
const [ROOT, SCRIPT] = await Promise.all(
  ['book-root.js', 'add-proof.js'].map((name) => readFile(new URL(RUNNER_FOLDER + name, import.meta.url), 'utf8')),
);

/** @param {string} href of the iframe */
function iframeAt(href) {
  const stage = /** @type {any} */ ({
    apply: Reflect.apply,
    recorder: {
      getter: (/** @type {unknown} */ _, /** @type {string} */ name) => (/** @type {any} */ object) =>
        name === 'baseURI' ? href : object[name],
    },
  });
  const world = vm.createContext({ stage, URL, Node: class {}, document: {}, location: new URL(href) });
  vm.runInContext(ROOT, world);
  vm.runInContext(SCRIPT, world);
  stage.proof.set('secret');
  return stage.proof;
}

const RUNNER = 'http://127.0.0.1:8000/v/0123/stage/runner.html';

test('the ticket is added to addresses of signaling, behind the proof', () => {
  const proof = iframeAt(RUNNER);
  assert.equal(proof.addTo('ws://127.0.0.1:8000').url, 'ws://127.0.0.1:8000/?proof=secret');
  proof.setTicket('a.b');
  for (const [address, added] of [
    ['ws://127.0.0.1:8000', '?proof=secret&ticket=a.b'],
    ['ws://127.0.0.1:8000/primus?x=1', '&proof=secret&ticket=a.b'],
    ['ws://127.0.0.1:8000/workshop/attend', '?proof=secret'],
    ['ws://127.0.0.1:8000/primus/more', '?proof=secret'],
  ])
    assert.equal(proof.addTo(address).added, added, address);
  proof.setTicket('');
  assert.equal(proof.addTo('ws://127.0.0.1:8000/').added, '?proof=secret');
});

test('no other server gets the ticket', () => {
  const proof = iframeAt(RUNNER);
  proof.setTicket('a.b');
  for (const address of ['ws://127.0.0.1:8001/', 'wss://example.org/', 'http://[', 'ws://127.0.0.1:8000/#x'])
    assert.equal(proof.addTo(address), undefined, address);
});

test('below a prefix, signaling is beside the book', () => {
  const proof = iframeAt('http://book.example/guide/v/0123/stage/runner.html');
  proof.setTicket('a.b');
  for (const path of ['/guide/', '/guide/primus', '/', '/primus'])
    assert.equal(proof.addTo(`ws://book.example${path}`).added, '?proof=secret&ticket=a.b', path);
  assert.equal(proof.addTo('ws://book.example/guide/lines').added, '?proof=secret');
});

test('below a prefix, the root of the host leads to the root of the book', () => {
  const proof = iframeAt('https://book.example/a/guide/v/0123/stage/runner.html');
  for (const [asked, found] of [
    ['wss://book.example', 'wss://book.example/a/guide/?proof=secret'],
    ['wss://book.example/primus?x=1', 'wss://book.example/a/guide/primus?x=1&proof=secret'],
    ['wss://book.example/a/guide', 'wss://book.example/a/guide/?proof=secret'],
    ['wss://book.example/a/guide/primus', 'wss://book.example/a/guide/primus?proof=secret'],
  ])
    assert.equal(proof.addTo(asked).url, found, asked);
});

test('recorded addresses have neither', () => {
  const record = (/** @type {string} */ text) =>
    eventsOf([{ at: 0, type: 'new', on: 'ws1', name: 'WebSocket', text }])[0].text;
  assert.equal(record('ws://a/?proof=x&ticket=y.z'), 'ws://a/');
  assert.equal(record('ws://a/?x=1&proof=x&ticket=y.z'), 'ws://a/?x=1');
  assert.equal(record('closed: ws://a/?ticket=y.z failed'), 'closed: ws://a/ failed');
});
