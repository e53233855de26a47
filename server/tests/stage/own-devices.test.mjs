// @ts-check
// Demos with the reader's own devices: at an address for one run, on the reader's own machine alone, and without anything by which a server lets them in.

import assert from 'node:assert/strict';
import test from 'node:test';

/** What the page has as its proof. */
let proof = 'a-secret';
/** @type {Set<(event: any) => void>} */
const listeners = new Set();
Object.assign(globalThis, {
  document: { querySelector: () => ({ content: proof }) },
  location: new URL('http://192.0.2.7/'),
  addEventListener: (/** @type {string} */ _, /** @type {(event: any) => void} */ listener) => listeners.add(listener),
  removeEventListener: (/** @type {string} */ _, /** @type {(event: any) => void} */ listener) =>
    listeners.delete(listener),
});
const { startIframe } = await import('../../../book/stage/iframe.js');
const { canBeReached, ownPlace, whatForbidsOwn } = await import('../../../book/stage/own-devices.js');

test('each run is at another name of the reader’s own machine', () => {
  const [one, other] = [ownPlace(), ownPlace()].map((url) => new URL(url));
  assert.match(one.hostname, /^camera-[0-9a-f]{16}\.localhost$/);
  assert.notEqual(one.hostname, other.hostname);
  assert.match(one.href, /\/runner\.html$/);
});

test('elsewhere they are not offered, and it is said why', () => {
  for (const page of [
    'http://192.0.2.7',
    'https://laptop.local:8000',
    'https://localhost:8000',
    'http://book.localhost',
  ]) {
    Object.assign(globalThis, { location: new URL(page) });
    assert.equal(whatForbidsOwn(), 'only at http://localhost', page);
  }
  for (const page of ['http://localhost:8000', 'http://127.0.0.1']) {
    Object.assign(globalThis, { location: new URL(page) });
    assert.equal(whatForbidsOwn(), '', page);
  }
});

test('before they are chosen it is asked whether this browser finds such a name', async () => {
  globalThis.fetch = async () => new Response('');
  assert.equal(await canBeReached(), true);
  globalThis.fetch = async () => new Response('', { status: 404 });
  assert.equal(await canBeReached(), false);
  globalThis.fetch = async () => {
    throw new TypeError('there is no such name');
  };
  assert.equal(await canBeReached(), false);
});

/** A run, what its frame has in its name, and what it is sent once it has said something. @param {string} devices */
async function run(devices) {
  const element = Object.assign(new EventTarget(), { name: '', contentWindow: {}, remove() {} });
  const nothing = () => {};
  const listener = /** @type {any} */ (new Proxy({}, { get: () => nothing }));
  const iframe = startIframe(
    /** @type {any} */ (element),
    [{ name: 'a.js', code: '' }],
    [],
    listener,
    'a-ticket',
    devices,
  );
  const { port1: runner, port2: page } = new MessageChannel();
  for (const listener of listeners) listener({ source: element.contentWindow, ports: [page] });
  /** @type {any[]} */
  const heard = [];
  runner.onmessage = ({ data }) => heard.push(data);
  runner.postMessage({ type: 'lost', wasOpen: false });
  runner.postMessage({ type: 'request', id: 7, method: 'POST', path: 'line' });
  iframe.setTicket('another-ticket');
  iframe.ping();
  // Both directions keep their order, and the ping's answer may take longer than what is asked of the server.
  while (!heard.some(({ type }) => type === 'answer')) await new Promise((done) => setTimeout(done, 5));
  iframe.stop();
  runner.close();
  return { name: element.name, heard };
}

test('a run with the reader’s own devices gets neither proof nor ticket, and no request of it is passed on', async () => {
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    return new Response('', { status: 404 });
  };
  const apart = await run('own');
  assert.doesNotMatch(apart.name, /a-secret|a-ticket|devices/);
  assert.doesNotMatch(JSON.stringify(apart.heard), /secret|ticket/);
  const answer = apart.heard.find(({ type }) => type === 'answer');
  assert.deepEqual([answer.id, answer.status], [7, 403]);
  assert.match(new TextDecoder().decode(answer.body), /reaches no server/);
  assert.deepEqual(asked, []);

  const usual = await run('working');
  assert.match(usual.name, /a-secret/);
  assert.match(usual.name, /a-ticket/);
  assert.notDeepEqual(asked, []);
});
